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

    /// <summary>Runs a program on a machine as root. Nothing secret may be in its arguments.</summary>
    /// <param name="machineId">The machine's provider id.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused, or the program failed.</exception>
    Task<string> RunAsync(string machineId, IReadOnlyList<string> command, CancellationToken cancellationToken);
}
