using Tarmak.Grains.Abstractions;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Agents;

/// <summary>Wakes the grain that waits for an instance's convergence.</summary>
/// <param name="grains">Leads to it.</param>
public sealed class ConvergenceHints(IGrainFactory grains) : IConvergenceHints
{
    /// <inheritdoc/>
    public void Nudge(string instance) =>
        grains.GetGrain<ICapabilityGrain>($"{instance}#{ResourceKinds.Convergence}/main").NudgeAsync().Ignore();
}
