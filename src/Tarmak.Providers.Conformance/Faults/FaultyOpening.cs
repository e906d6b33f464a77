namespace Tarmak.Providers.Conformance.Faults;

/// <summary>An opening of a provider whose calls meet a fault, until it is disposed of.</summary>
/// <param name="provider">The provider; it is disposed of with this.</param>
/// <param name="end">Ends the fault; null: it ends with the provider.</param>
public sealed class FaultyOpening(IProvider provider, Func<ValueTask>? end = null) : IAsyncDisposable
{
    /// <summary>The provider.</summary>
    public IProvider Provider { get; } = provider;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (end is not null)
        {
            await end().ConfigureAwait(false);
        }

        await Provider.DisposeAsync().ConfigureAwait(false);
    }
}
