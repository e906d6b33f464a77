using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>The simulated cloud's own interface.</summary>
internal interface ICloud
{
    /// <summary>Makes a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="cancellationToken">Ends the call; what had not been done by then is not done any more.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="NoAnswerException">No answer came, and what was asked may have been done.</exception>
    Task<CloudReply> SendAsync(CloudRequest request, CancellationToken cancellationToken);

    /// <summary>Tells changes as they happen.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The marks of objects that changed.</returns>
    IAsyncEnumerable<OwnerMarks> WatchAsync(CancellationToken cancellationToken);
}
