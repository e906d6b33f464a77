namespace Tarmak.Providers.Conformance.Faults;

/// <summary>How faults are provoked on purpose at a provider's cloud. Who subjects a provider to the kit may offer it.</summary>
public interface IFaultInjection
{
    /// <summary>What can be provoked.</summary>
    IReadOnlyList<FaultCase> Cases { get; }

    /// <summary>Opens the provider so that each of its calls meets a fault; other openings are sound again once it is disposed of.</summary>
    /// <param name="fault">One of <see cref="Cases"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The opening.</returns>
    Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken);
}
