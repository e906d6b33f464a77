using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.InstancePools;

namespace Tarmak.Grains.Machines;

/// <summary>Grain of one instance pool.</summary>
/// <param name="services">What it works with.</param>
/// <param name="logger">The log.</param>
[GrainType("tarmak.instancepool")]
public sealed class InstancePoolGrain(MachineServices services, ILogger<InstancePoolGrain> logger) : MachineGrain(services, logger), IInstancePoolGrain
{
    /// <inheritdoc/>
    protected override MachineKind Kind => MachineKind.InstancePool;

    /// <inheritdoc/>
    protected override IMachineLogic Logic() => new CompositeMachine(new InstancePoolPlanner());
}
