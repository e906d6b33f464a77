using Tarmak.Machines;
using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>What a look at the objects of one provider came to.</summary>
/// <param name="Provider">The provider's name; the engine itself is one.</param>
/// <param name="Woken">The machines that were woken to look at their objects.</param>
/// <param name="Failure">Why the objects could not be listed; null when they were.</param>
public sealed record ProviderSweep(string Provider, IReadOnlyList<MachineAddress> Woken, Exception? Failure = null)
{
    /// <summary>Objects that carry our marks though no machine has them, or has not recorded them yet.</summary>
    public IReadOnlyList<OwnedObject> Strays { get; init; } = [];
}
