using System.Collections.Immutable;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of machines and edges.</summary>
internal static class ComputeChecks
{
    // Anything a network does not keep for itself.
    private const int MachineOffset = 20;

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.Compute, ResourceKinds.Machine, static p => p.Compute?.Machines, static (scope, t) => MachineAsync(scope, MachineOffset, t), another: Beside),
        .. LifecycleChecks.Of(CapabilityNames.Compute, ResourceKinds.Edge, static p => p.Compute?.Edges, static (scope, t) => scope.Place!.EdgeSpecAsync(t)),
    ];

    private static MachineSpec Beside(MachineSpec first, int number) =>
        first with { HostName = $"machine-{number}", Address = Addresses.Beside(first.Address!, number + 1) };

    /// <summary>Makes a machine in the inner network of the place.</summary>
    internal static async Task<MachineOutputs> MadeAsync(CheckScope scope, string? part, int offset, Func<MachineSpec, MachineSpec> wanted, CancellationToken cancellationToken) =>
        await MadeAsync(scope, part, wanted(await MachineAsync(scope, offset, cancellationToken).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);

    /// <summary>Makes a machine.</summary>
    internal static async Task<MachineOutputs> MadeAsync(CheckScope scope, string? part, MachineSpec spec, CancellationToken cancellationToken)
    {
        var machine = new Specimen<MachineSpec>(scope, scope.Provider.Compute!.Machines, ResourceKinds.Machine, spec, part);
        return ResourceJson.Read<MachineOutputs>((await machine.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!);
    }

    /// <summary>A machine in the inner network of the place.</summary>
    internal static async Task<MachineSpec> MachineAsync(CheckScope scope, int offset, CancellationToken cancellationToken) =>
        await MachineInAsync(scope, await scope.Place!.InnerAsync(cancellationToken).ConfigureAwait(false), offset, cancellationToken).ConfigureAwait(false);

    /// <summary>A machine in a network.</summary>
    internal static async Task<MachineSpec> MachineInAsync(CheckScope scope, NetworkOutputs network, int offset, CancellationToken cancellationToken)
    {
        return new MachineSpec
        {
            ImageId = await scope.Place!.ImageAsync(cancellationToken).ConfigureAwait(false),
            HostName = "machine-0",
            Size = "tiny",
            NetworkId = network.NetworkId,
            Address = Cidr.Parse(network.Cidr).Host(offset).ToString(),
            FirstBoot = new FirstBoot("conformance/kit/machine/0", scope.Name, $"{Cidr.Parse(network.Cidr).Host(AddressPlan.EdgeOffset)}:7443", new string('a', 64)),
        };
    }
}
