using Tarmak.Grains.Abstractions;
using Tarmak.Machines;

namespace Tarmak.Grains.Machines;

/// <summary>Leads from a machine's address to its grain.</summary>
public static class GrainLinks
{
    /// <summary>The grain of a machine.</summary>
    /// <param name="grains">The grain factory.</param>
    /// <param name="address">The machine.</param>
    /// <returns>Its grain.</returns>
    public static IMachineGrain Machine(this IGrainFactory grains, MachineAddress address) => address.Kind switch
    {
        MachineKind.Environment => grains.GetGrain<IEnvironmentGrain>(address.Key),
        MachineKind.Cluster => grains.GetGrain<IClusterGrain>(address.Key),
        MachineKind.InstancePool => grains.GetGrain<IInstancePoolGrain>(address.Key),
        MachineKind.Instance => grains.GetGrain<IInstanceGrain>(address.Key),
        MachineKind.Capability => grains.GetGrain<ICapabilityGrain>(address.Key),
        _ => throw new ArgumentOutOfRangeException(nameof(address), address, "Not a kind of machine."),
    };
}
