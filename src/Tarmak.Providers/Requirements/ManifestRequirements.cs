using System.Globalization;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>
/// Holds manifests against the sheets of all providers bound: pure, before any call, and everything that is missing at
/// once.
/// </summary>
/// <param name="sheets">The sheets.</param>
/// <param name="providers">The provider of a name, as it is to be; null where there is none.</param>
/// <param name="environments">The environment of a name, as it is to be; null where there is none.</param>
public sealed class ManifestRequirements(
    ProviderSheets sheets, Func<string, ProviderSpec?> providers, Func<string, EnvironmentSpec?> environments)
{
    /// <summary>What every environment needs of its providers, and what for.</summary>
    private static readonly (string Key, string Reason)[] Needed =
    [
        (CapabilityNames.SecretStore, "for the keys of its certificate authorities"),
        (CapabilityNames.MachineImages, "for what machines start from"),
        ("configuration", "for the bundles of its instances"),
        (CapabilityNames.LoadBalancing, "for the way to its clusters"),
        (CapabilityNames.Network, "for its clusters"),
        (CapabilityNames.Compute, "for its machines"),
        (CapabilityNames.Firewall, "for who may reach its machines"),
        (CapabilityNames.Volumes, "for the data of its instances"),
    ];

    /// <summary>Everything that the bound providers cannot do of what is declared.</summary>
    /// <param name="incoming">The manifests.</param>
    /// <returns>The problems, each at its field.</returns>
    public IEnumerable<ManifestProblem> Check(ManifestReadResult incoming)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        return [.. incoming.Providers.SelectMany(Provider), .. incoming.Environments.SelectMany(Environment), .. incoming.Clusters.SelectMany(Cluster)];
    }

    private IEnumerable<ManifestProblem> Provider(SourcedManifest<ProviderManifest> provider)
    {
        var spec = provider.Manifest.Spec;
        if (sheets.Of(spec) is not { } sheet)
        {
            yield return provider.Source.Problem(
                "spec.type", $"is {spec.Type}, which this engine has no provider for; it has: {string.Join(", ", sheets.Types)}");
        }
        else
        {
            (string Field, bool IsSet)[] fields =
            [
                (ProviderOptions.Host, spec.Host is not null), (ProviderOptions.Server, spec.Server is not null), (ProviderOptions.Region, spec.Region is not null),
                (ProviderOptions.Directory, spec.Directory is not null), (ProviderOptions.Scenario, spec.Scenario is not null),
                (ProviderOptions.Credentials, spec.CredentialsFrom is not null),
            ];
            foreach (var (field, isSet) in fields)
            {
                if (isSet && !sheet.Settings.Contains(field))
                {
                    yield return provider.Source.Problem($"spec.{field}", $"is not used by providers of type {spec.Type}; leave it out");
                }
                else if (!isSet && sheet.RequiredSettings.Contains(field))
                {
                    yield return provider.Source.Problem($"spec.{field}", $"is missing, and providers of type {spec.Type} need it");
                }
            }

            if (spec.CredentialsFrom?.SecretStore is not null)
            {
                yield return provider.Source.Problem("spec.credentialsFrom.secretStore", "names a place in a secret store, which this engine cannot read credentials from yet; write file or env");
            }
        }
    }

    private IEnumerable<ManifestProblem> Environment(SourcedManifest<EnvironmentManifest> environment)
    {
        var (manifest, source) = environment;
        var bindings = new Bindings(manifest.Spec);
        List<(CapabilityBinding Binding, string Reason)> needed =
        [
            .. Needed.Select(n => (bindings.For(n.Key), n.Reason)),
            (new CapabilityBinding(CapabilityNames.Dns, manifest.Spec.Provider, null), "for the names its instances know each other by"),
        ];
        if (bindings.PublicZone is not null && bindings.For(CapabilityNames.Dns) is { Source: not null } dns)
        {
            needed.Add((dns, "for the names seen from outside"));
        }

        if (manifest.Spec.Repositories is { Count: > 0 })
        {
            needed.Add((bindings.For(CapabilityNames.ContainerRegistry), "for its repositories"));
        }

        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (binding, reason) in needed)
        {
            if (Sheet(binding) is { } bound && bound.Find(Elsewhere.CapabilityOf(binding.Key)) is null)
            {
                told.Add(binding.Field);
                yield return source.Problem(
                    binding.Field, $"is {binding.Provider} of type {bound.Type}, which offers no {Elsewhere.CapabilityOf(binding.Key)}, needed {reason}; name a provider that does");
            }
        }

        foreach (var problem in Overridden(manifest.Spec, bindings, source, told))
        {
            yield return problem;
        }

        foreach (var binding in Bindings.Placed.Select(bindings.For).Where(b => b.Provider != manifest.Spec.Provider))
        {
            yield return source.Problem(
                binding.Field, $"binds {binding.Key} to another cloud than the machines', and it can only be where they are; leave it out, or name {binding.Provider} as spec.provider");
        }

        if (Sheet(bindings.For(CapabilityNames.Compute)) is not { } sheet)
        {
            yield break;
        }

        if (manifest.Spec.Location is { } location && !sheet.Locations.Contains(location))
        {
            yield return source.Problem("spec.location", sheet.Locations.IsEmpty
                ? $"is not used by providers of type {sheet.Type}; leave it out"
                : $"is {location}, which providers of type {sheet.Type} do not know; they know {string.Join(", ", sheet.Locations)}");
        }

        foreach (var (field, message) in Unreachable("adminCIDRs", manifest.Spec.AdminCidrs, sheet))
        {
            yield return source.Problem($"spec.{field}", message);
        }
    }

    /// <summary>What is bound to another provider, needed now or later, and cannot be served from there.</summary>
    private IEnumerable<ManifestProblem> Overridden(EnvironmentSpec spec, Bindings bindings, ManifestSource source, HashSet<string> told)
    {
        if (Sheet(new CapabilityBinding(CapabilityNames.Compute, spec.Provider, null)) is not { } machines)
        {
            yield break;
        }

        foreach (var binding in bindings.All.Where(b => b.Provider != spec.Provider && !Bindings.Placed.Contains(b.Key)))
        {
            // An override of object storage is that of each use which has none of its own: it is told once.
            if (Sheet(binding) is { } bound && Elsewhere.Excludes(machines, bound, binding.Key) is { } clause && told.Add(binding.Field))
            {
                yield return source.Problem(
                    binding.Field, $"is {binding.Provider} of type {bound.Type}, {clause}; name a provider that serves it for others, or leave it out");
            }
        }
    }

    private IEnumerable<ManifestProblem> Cluster(SourcedManifest<ClusterManifest> cluster)
    {
        var (manifest, source) = cluster;
        if (environments(manifest.Metadata.Environment!) is not { } environment
            || Sheet(new Bindings(environment).For(CapabilityNames.Compute)) is not { } sheet)
        {
            yield break;
        }

        var spec = manifest.Spec;
        if (sheet.Find<ComputeSheet>() is { } compute && spec.Zones() is var zones && zones.Count > compute.MostZones)
        {
            yield return source.Problem("spec.instancePools", string.Create(
                CultureInfo.InvariantCulture,
                $"name zones {string.Join(", ", zones)}, and providers of type {sheet.Type} place a cluster in {compute.MostZones} at most; name the same zone in all pools, or none"));
        }

        if (spec.Repositories is { Count: > 0 } && sheet.Find(CapabilityNames.ContainerRegistry) is null)
        {
            yield return source.Problem("spec.repositories", $"are not used by providers of type {sheet.Type}, which offer no {CapabilityNames.ContainerRegistry}; leave them out");
        }

        foreach (var (index, pool) in spec.InstancePools.Index())
        {
            foreach (var (field, message) in Pool(pool, sheet))
            {
                yield return source.Problem(string.Create(CultureInfo.InvariantCulture, $"spec.instancePools[{index}].{field}"), message);
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> Pool(InstancePoolSpec pool, RequirementSheet sheet)
    {
        if (sheet.Find<ComputeSheet>() is { } compute)
        {
            if (!compute.Sizes.Contains(pool.Size) && !compute.TakesOwnTypes)
            {
                yield return ("size", $"is {pool.Size}, which providers of type {sheet.Type} do not have; take one of {string.Join(", ", compute.Sizes)}");
            }

            if (pool.SpotPrice is not null && !compute.HasSpot)
            {
                yield return ("spotPrice", $"is not used by providers of type {sheet.Type}, which have no spare capacity to bid for; leave it out");
            }

            if (pool.RootVolume != new RootVolume() && !compute.HasRootVolumes)
            {
                yield return ("rootVolume", $"is not used by providers of type {sheet.Type}: machines boot from what the host gives them; leave it out");
            }
        }

        if (pool.Image is not null && sheet.Find<MachineImagesSheet>() is { TakesNamedImages: false })
        {
            yield return ("image", $"names an image, and providers of type {sheet.Type} start machines from the engine's own base image only; leave it out");
        }

        if (sheet.Find<VolumesSheet>() is { } volumes)
        {
            foreach (var volume in pool.Volumes.Where(v => !volumes.Classes.Contains(Name(v.Class))))
            {
                yield return ("volumes", $"name class {Name(volume.Class)} for {volume.Name}, and providers of type {sheet.Type} have {string.Join(", ", volumes.Classes)}; leave class out");
            }
        }

        if (pool.IdentityPolicies.Count > 0 && sheet.Find<AccessIdentitySheet>() is null)
        {
            yield return ("identityPolicies", $"are not used by providers of type {sheet.Type}, which offer no {CapabilityNames.AccessIdentity}; leave them out");
        }
        else if (sheet.Find<AccessIdentitySheet>() is { } known && pool.IdentityPolicies.FirstOrDefault(p => !known.Takes(p)) is { } unknown)
        {
            yield return ("identityPolicies", $"name {unknown}, and providers of type {sheet.Type} know {(known.Policies.IsEmpty ? "none" : string.Join(", ", known.Policies))}; leave it out");
        }

        foreach (var unreachable in Unreachable("allowedCIDRs", pool.AllowedCidrs, sheet))
        {
            yield return unreachable;
        }
    }

    private static string Name(VolumeClass volumeClass) => volumeClass.ToString().ToLowerInvariant();

    private static IEnumerable<(string Field, string Message)> Unreachable(string field, IReadOnlyList<string> ranges, RequirementSheet sheet) =>
        sheet.Find<ComputeSheet>()?.ReachableFrom is not { } reach ? [] : ranges.Index()
            .Where(range => !Cidr.Parse(reach).Contains(Cidr.Parse(range.Item)))
            .Select(range => (
                string.Create(CultureInfo.InvariantCulture, $"{field}[{range.Index}]"),
                $"is {range.Item}, and clusters of providers of type {sheet.Type} are reached from {reach} only, so that nobody can come from there; write a range within {reach}, or leave it out"));

    private RequirementSheet? Sheet(CapabilityBinding binding) => providers(binding.Provider) is { } spec ? sheets.Of(spec) : null;
}
