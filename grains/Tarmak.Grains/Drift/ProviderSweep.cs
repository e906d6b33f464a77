using Tarmak.Machines;

namespace Tarmak.Grains.Drift;

/// <summary>What a look at the objects of one provider came to.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Woken">The machines that were woken to look at their objects.</param>
/// <param name="Failure">Why the objects could not be listed; null when they were.</param>
public sealed record ProviderSweep(string Provider, IReadOnlyList<MachineAddress> Woken, Exception? Failure = null);
