using Tarmak.Grains.Abstractions;

namespace Tarmak.Grains.Storage;

/// <summary>
/// Remembers which requests were answered, and how: the newest ones, whatever they asked for. What a command changes in a
/// machine's state is written together with its answer, by <see cref="IMachineStore"/>.
/// </summary>
public interface IAnsweredRequests
{
    /// <summary>Finds the answer that a request got.</summary>
    /// <param name="requestId">Id of the request and the document within it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer; null for a request that was not answered, or too long ago.</returns>
    Task<AnsweredRequest?> FindAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>Remembers an answer that changed no machine's state. The first answer of a request stays.</summary>
    /// <param name="answered">The answer.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>A task.</returns>
    Task RememberAsync(AnsweredRequest answered, CancellationToken cancellationToken);
}
