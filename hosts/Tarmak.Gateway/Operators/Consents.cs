using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>Data is given up only with consent that names it: the pool, the cluster, every volume, or <c>all</c>.</summary>
internal static class Consents
{
    /// <exception cref="Grpc.Core.RpcException">Consent is missing.</exception>
    public static void Require(IReadOnlyList<RequiredConsent> needed, IReadOnlyCollection<string> given)
    {
        var missing = needed.Where(n => !IsGiven(n, given)).ToList();
        if (missing.Count > 0)
        {
            throw Refusal.ConsentNeeded(missing);
        }
    }

    public static bool IsGiven(RequiredConsent needed, IReadOnlyCollection<string> given) =>
        given.Contains(needed.Cluster.Path) || needed.IsGivenBy(given);

    /// <summary>What deleting a cluster gives up.</summary>
    public static IReadOnlyList<RequiredConsent> OfDeleting(ResourceKey cluster, ClusterSpec spec) =>
    [
        .. from pool in spec.InstancePools
           where pool.Volumes.Count > 0
           let volumes = (string[])[.. from index in Enumerable.Range(0, pool.Max) from volume in pool.Volumes select $"{pool.InstanceName(index)}/{volume.Name}"]
           select new RequiredConsent(
               cluster, pool.Name, volumes,
               $"Deleting {cluster} deletes these volumes of pool {pool.Name} with their data: {string.Join(", ", volumes)}."),
    ];
}
