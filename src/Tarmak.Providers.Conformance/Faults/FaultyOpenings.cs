namespace Tarmak.Providers.Conformance.Faults;

/// <summary>Faults that come of how a provider is opened: with a wrong key, at an address where nobody answers.</summary>
/// <param name="openings">The faults, and how the provider is opened to meet each.</param>
public sealed class FaultyOpenings(IReadOnlyDictionary<FaultCase, Func<IProvider>> openings) : IFaultInjection
{
    /// <inheritdoc/>
    public IReadOnlyList<FaultCase> Cases { get; } = [.. openings.Keys];

    /// <inheritdoc/>
    public Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken) => Task.FromResult(new FaultyOpening(openings[fault]()));
}
