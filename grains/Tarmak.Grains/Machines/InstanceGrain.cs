using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.Instances;

namespace Tarmak.Grains.Machines;

/// <summary>Grain of one instance.</summary>
/// <param name="services">What it works with.</param>
/// <param name="logger">The log.</param>
[GrainType("tarmak.instance")]
public sealed class InstanceGrain(MachineServices services, ILogger<InstanceGrain> logger) : MachineGrain(services, logger), IInstanceGrain
{
    /// <inheritdoc/>
    protected override MachineKind Kind => MachineKind.Instance;

    /// <inheritdoc/>
    protected override IMachineLogic Logic() => new CompositeMachine(new InstancePlanner());
}
