namespace Tarmak.Providers;

/// <summary>Terminal access to machines through the provider.</summary>
public interface IMachineAccess
{
    /// <summary>Reads a machine's system journal.</summary>
    /// <param name="machineId">The machine's provider id.</param>
    /// <param name="since">Oldest entry wanted.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Lines, oldest first.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    IAsyncEnumerable<string> ReadJournalAsync(string machineId, DateTimeOffset since, CancellationToken cancellationToken);
}
