using System.Globalization;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// The one place that knows what manifests may declare that this engine cannot do. Everything listed here is refused
/// before anything is accepted; what becomes possible is taken off the list.
/// </summary>
/// <param name="providerTypes">The types of provider this engine has.</param>
internal sealed class SupportedFeatures(IReadOnlyCollection<string> providerTypes)
{
    public IEnumerable<ManifestProblem> Check(ManifestReadResult incoming, Declarations declared) =>
    [
        .. incoming.Providers.SelectMany(Provider),
        .. incoming.Environments.SelectMany(e => Environment(e, declared)),
        .. incoming.Clusters.SelectMany(c => Cluster(c, declared)),
    ];

    private IEnumerable<ManifestProblem> Provider(SourcedManifest<ProviderManifest> provider)
    {
        var spec = provider.Manifest.Spec;
        if (!providerTypes.Contains(spec.Type))
        {
            yield return provider.Source.Problem(
                "spec.type", $"is {spec.Type}, which this engine has no provider for; it has: {string.Join(", ", providerTypes.Order(StringComparer.Ordinal))}");
        }
        else if (spec.CredentialsFrom is not null)
        {
            yield return provider.Source.Problem("spec.credentialsFrom", $"is not used by providers of type {spec.Type}; leave it out");
        }
    }

    // The edge publishes its ports on the loopback address, whatever a manifest allows.
    private static readonly Cidr Loopback = Cidr.Parse("127.0.0.0/8");

    private static IEnumerable<ManifestProblem> Environment(SourcedManifest<EnvironmentManifest> environment, Declarations declared)
    {
        var (manifest, source) = environment;
        foreach (var key in manifest.Spec.Overrides.Keys)
        {
            yield return source.Problem($"spec.overrides.{key}", "binds one capability to another provider, which this engine cannot do yet; leave it out");
        }

        if (manifest.Spec.Location is not null)
        {
            yield return source.Problem("spec.location", "is not used by any provider this engine has; leave it out");
        }

        foreach (var (field, message) in Unreachable("adminCIDRs", manifest.Spec.AdminCidrs))
        {
            yield return source.Problem($"spec.{field}", message);
        }

        if (declared.Environments.GetValueOrDefault(manifest.Metadata.Name)?.Desired.Environment?.Spec.Provider is { } before && before != manifest.Spec.Provider)
        {
            yield return source.Problem(
                "spec.provider", $"changes from {before} to {manifest.Spec.Provider}, and a live environment cannot move; keep {before}, or declare an environment of another name");
        }
    }

    private static IEnumerable<ManifestProblem> Cluster(SourcedManifest<ClusterManifest> cluster, Declarations declared)
    {
        var (manifest, source) = cluster;
        var spec = manifest.Spec;
        if (spec.Type != ClusterType.Single)
        {
            yield return source.Problem("spec.type", $"is {spec.Type.ToString().ToLowerInvariant()}, which this engine cannot make yet; write type: single");
        }

        if (spec.Kubernetes is not null)
        {
            yield return source.Problem("spec.kubernetes", "asks for Kubernetes, which this engine cannot install yet; leave it out to declare an etcd cluster with a bastion");
        }

        if (spec.Zones() is { Count: > 1 } zones)
        {
            yield return source.Problem("spec.instancePools", $"name zones {string.Join(", ", zones)}, and this engine places clusters in one zone only; name the same zone in all pools, or none");
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

        if (pool.Image is not null)
        {
            yield return ("image", "names an image, and this engine starts machines from its own base image only; leave it out");
        }

        if (pool.DeletionPolicy == DeletionPolicy.Retain)
        {
            yield return ("deletionPolicy", "is Retain, and this engine cannot leave volumes behind yet; write Delete, which still asks for consent before data goes");
        }

        foreach (var ignored in Ignored(pool).Concat(Unreachable("allowedCIDRs", pool.AllowedCidrs)))
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
        if (pool.IdentityPolicies.Count > 0)
        {
            yield return ("identityPolicies", "are not used by any provider this engine has; leave them out");
        }

        if (pool.SpotPrice is not null)
        {
            yield return ("spotPrice", "is not used by any provider this engine has; leave it out");
        }

        if (pool.RootVolume != new RootVolume())
        {
            yield return ("rootVolume", "is not used by any provider this engine has: machines boot from what the host gives them; leave it out");
        }

        foreach (var volume in pool.Volumes.Where(v => v.Class != VolumeClass.Ssd))
        {
            yield return ("volumes", $"name class {volume.Class.ToString().ToLowerInvariant()} for {volume.Name}, which no provider this engine has can choose; leave class out");
        }

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

    private static IEnumerable<(string Field, string Message)> Unreachable(string field, IReadOnlyList<string> ranges) =>
        ranges.Index()
            .Where(range => !Loopback.Contains(Cidr.Parse(range.Item)))
            .Select(range => (
                string.Create(CultureInfo.InvariantCulture, $"{field}[{range.Index}]"),
                $"is {range.Item}, and the edge answers on 127.0.0.1 only, so that nobody can come from there; write a range within {Loopback}, or leave it out"));
}
