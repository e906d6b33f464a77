using Tarmak.Model.Resources;

namespace Tarmak.Model.Manifests;

/// <summary>
/// Which provider serves what in an environment: its overrides, and for everything else its own provider. The uses of
/// object storage are bound each on its own, and where they are not, as object storage is.
/// </summary>
/// <param name="spec">The environment's spec.</param>
public sealed class Bindings(EnvironmentSpec spec)
{
    /// <summary>
    /// The capabilities that live in one place: machines, their disks, images and networks are of one cloud, and what
    /// works on them is of that cloud too.
    /// </summary>
    public static IReadOnlyList<string> Placed { get; } =
    [
        CapabilityNames.Compute, CapabilityNames.Network, CapabilityNames.Volumes, CapabilityNames.MachineImages,
        CapabilityNames.LoadBalancing, CapabilityNames.Firewall, CapabilityNames.NetworkPeering, CapabilityNames.InstanceMetadata, CapabilityNames.AccessIdentity,
    ];

    /// <summary>Every binding, capabilities first.</summary>
    public IEnumerable<CapabilityBinding> All => OverrideKeys.All.Select(For);

    /// <summary>The zone of names seen from outside: the one that dns is bound to, else the environment's own; null where it has none.</summary>
    public string? PublicZone => For(CapabilityNames.Dns).Zone ?? spec.Dns.PublicZone;

    /// <summary>What serves a capability or a use of object storage.</summary>
    /// <param name="key">One of <see cref="OverrideKeys"/>.</param>
    /// <returns>The binding.</returns>
    public CapabilityBinding For(string key)
    {
        string[] sources = OverrideKeys.StorageUses.Contains(key) ? [key, CapabilityNames.ObjectStorage] : [key];
        foreach (var source in sources)
        {
            if (spec.Overrides.GetValueOrDefault(source) is { } other)
            {
                return new CapabilityBinding(key, other.Provider, source) { Zone = other.Zone, Bucket = other.Bucket };
            }
        }

        return new CapabilityBinding(key, spec.Provider, null);
    }
}
