using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;

namespace Tarmak.Grains.Machines;

/// <summary>Grain of one object behind a capability.</summary>
/// <param name="services">What it works with.</param>
/// <param name="logger">The log.</param>
[GrainType("tarmak.capability")]
public sealed class CapabilityGrain(MachineServices services, ILogger<CapabilityGrain> logger) : MachineGrain(services, logger), ICapabilityGrain
{
    private readonly MachineServices services = services;

    /// <inheritdoc/>
    protected override MachineKind Kind => MachineKind.Capability;

    /// <inheritdoc/>
    protected override IMachineLogic Logic() => new ResourceMachine(services.Drivers.Traits);
}
