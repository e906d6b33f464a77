using System.Globalization;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// The one place that knows what manifests may declare that this engine cannot do, whatever its providers offer.
/// Everything listed here is refused before anything is accepted; what becomes possible is taken off the list.
/// </summary>
internal static class SupportedFeatures
{
    // What environments can have served elsewhere by now.
    private static readonly string[] Bindable = [CapabilityNames.SecretStore, CapabilityNames.Dns, CapabilityNames.ObjectStorage, .. OverrideKeys.StorageUses];

    public static IEnumerable<ManifestProblem> Check(ManifestReadResult incoming, Declarations declared) =>
    [
        .. incoming.Environments.SelectMany(e => Environment(e, declared)),
        .. incoming.Clusters.SelectMany(c => Cluster(c, declared)),
    ];

    private static IEnumerable<ManifestProblem> Environment(SourcedManifest<EnvironmentManifest> environment, Declarations declared)
    {
        var (manifest, source) = environment;
        foreach (var key in manifest.Spec.Overrides.Keys.Except(Bindable).Except(Bindings.Placed))
        {
            yield return source.Problem($"spec.overrides.{key}", $"binds {key}, which this engine does not use yet; leave it out");
        }

        foreach (var (key, _) in manifest.Spec.Overrides.Where(o => o.Value.Bucket is not null))
        {
            yield return source.Problem($"spec.overrides.{key}.bucket", "names an existing bucket, which this engine cannot use yet; leave it out, and one is made");
        }

        if (declared.Environments.GetValueOrDefault(manifest.Metadata.Name)?.Desired.Environment?.Spec is { } before && before.Provider != manifest.Spec.Provider)
        {
            yield return source.Problem(
                "spec.provider", $"changes from {before.Provider} to {manifest.Spec.Provider}, and a live environment cannot move; keep {before.Provider}, or declare an environment of another name");
        }
    }

    private static IEnumerable<ManifestProblem> Cluster(SourcedManifest<ClusterManifest> cluster, Declarations declared)
    {
        var (manifest, source) = cluster;
        var spec = manifest.Spec;
        if (spec.Kubernetes is not null)
        {
            yield return source.Problem("spec.kubernetes", "asks for Kubernetes, which this engine cannot install yet; leave it out to declare an etcd cluster with a bastion");
        }

        var before = declared.Environments.GetValueOrDefault(manifest.Metadata.Environment!)?.Desired.Clusters.GetValueOrDefault(manifest.Metadata.Name)?.Manifest.Spec;
        foreach (var (index, pool) in spec.InstancePools.Index())
        {
            foreach (var (field, message) in Pool(pool, before?.Pool(pool.Name)))
            {
                yield return source.Problem(string.Create(CultureInfo.InvariantCulture, $"spec.instancePools[{index}].{field}"), message);
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> Pool(InstancePoolSpec pool, InstancePoolSpec? before)
    {
        if (pool.Role is not (PoolRole.Bastion or PoolRole.Etcd))
        {
            yield return ("role", $"is {RoleDefinition.Of(pool.Role).Name}, which this engine cannot make yet; it makes bastion and etcd");
        }

        if (pool.DeletionPolicy == DeletionPolicy.Retain)
        {
            yield return ("deletionPolicy", "is Retain, and this engine cannot leave volumes behind yet; write Delete, which still asks for consent before data goes");
        }

        foreach (var ignored in Ignored(pool))
        {
            yield return ignored;
        }

        if (before is null)
        {
            yield break;
        }

        if (pool.Role == PoolRole.Etcd && before.Max != pool.Max)
        {
            yield return ("count", string.Create(
                CultureInfo.InvariantCulture,
                $"changes from {before.Max} to {pool.Max}, and this engine cannot change the membership of a live etcd yet; keep {before.Max}"));
        }

        foreach (var volume in before.Volumes.Where(old => pool.Volumes.All(v => v.Name != old.Name)))
        {
            yield return ("volumes", $"leave out volume {volume.Name} of live machines, which this engine cannot take away yet; keep it");
        }
    }

    /// <summary>What would be accepted and then change nothing.</summary>
    private static IEnumerable<(string Field, string Message)> Ignored(InstancePoolSpec pool)
    {
        const string OfNodes = "for nodes of Kubernetes, which this engine cannot install yet; leave";
        if (pool.KubernetesVersion is not null)
        {
            yield return ("kubernetesVersion", $"is {OfNodes} it out");
        }

        if (pool.Labels.Count > 0)
        {
            yield return ("labels", $"are {OfNodes} them out");
        }

        if (pool.Taints.Count > 0)
        {
            yield return ("taints", $"are {OfNodes} them out");
        }
    }
}
