namespace Tarmak.Providers;

/// <summary>
/// Gives a compute driver the one-time enrolment secret of the machine it is about to create. The same token gets
/// the same secret again, so that a repeated call creates the same machine. The driver writes it to a file readable
/// by root only on the machine; it is never in parameters, state, environment variables or argument lists.
/// </summary>
public interface IFirstBootSecrets
{
    /// <summary>Issues the secret of one machine.</summary>
    /// <param name="instance">Key of the instance.</param>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="token">Idempotency token of the ensure step.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The secret's text.</returns>
    Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken);
}
