using Microsoft.Extensions.Logging;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;

namespace Tarmak.Grains.Machines;

/// <summary>Grain of one cluster.</summary>
/// <param name="services">What it works with.</param>
/// <param name="logger">The log.</param>
[GrainType("tarmak.cluster")]
public sealed class ClusterGrain(MachineServices services, ILogger<ClusterGrain> logger) : MachineGrain(services, logger), IClusterGrain
{
    /// <inheritdoc/>
    protected override MachineKind Kind => MachineKind.Cluster;

    /// <inheritdoc/>
    protected override bool KeepsReminder => true;

    /// <inheritdoc/>
    protected override IMachineLogic Logic() => new CompositeMachine(new ClusterPlanner());
}
