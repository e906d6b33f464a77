namespace Tarmak.Grains.Agents;

/// <summary>
/// What is durably known of instances' agents: enrolments (one-time secrets as hashes) and configuration runs.
/// It holds no secret and no private key.
/// </summary>
public interface IAgentDirectory
{
    /// <summary>Records the hash of a machine's one-time secret. Done again with the same token it changes nothing.</summary>
    /// <param name="enrolment">The enrolment.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    Task OpenEnrolmentAsync(OpenEnrolment enrolment, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the one-time secret of an instance's newest machine live longer, if it was not used yet. A move of less than an
    /// hour may be left undone.
    /// </summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="expiresAt">After this it is refused.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    Task ExtendEnrolmentAsync(string instanceUid, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>
    /// Uses a one-time secret: binds it to the public key, atomically. A second use with the same key is the same
    /// enrolment; with another key, after expiry, or with an unknown hash it is refused.
    /// </summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="secretHash">SHA-256 (hex) of the secret.</param>
    /// <param name="publicKeyHash">SHA-256 (hex) of the agent's public key (SubjectPublicKeyInfo).</param>
    /// <param name="sshHostKeys">The machine's SSH host keys.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The enrolment, or null where it is refused.</returns>
    Task<AgentIdentity?> UseEnrolmentAsync(
        string instanceUid, string secretHash, string publicKeyHash, IReadOnlyList<string> sshHostKeys, DateTimeOffset now,
        CancellationToken cancellationToken);

    /// <summary>The agent enrolled with a public key.</summary>
    /// <param name="publicKeyHash">SHA-256 (hex) of its public key.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The identity; null where none is known, or where a newer machine of the instance enrolled since.</returns>
    Task<AgentIdentity?> FindAsync(string publicKeyHash, CancellationToken cancellationToken);

    /// <summary>The agent of an instance's newest machine: the one whose enrolment was opened last.</summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The identity, or null where that machine has not enrolled yet.</returns>
    Task<AgentIdentity?> FindByInstanceAsync(string instanceUid, CancellationToken cancellationToken);

    /// <summary>
    /// Records a configuration run. The same run told twice is recorded once; one that only has a number used before is
    /// another run.
    /// </summary>
    /// <param name="publicKeyHash">The agent's key.</param>
    /// <param name="run">The run.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    Task RecordRunAsync(string publicKeyHash, ConfigurationRun run, CancellationToken cancellationToken);

    /// <summary>Runs of an instance's newest machine, the one reported last first.</summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The runs.</returns>
    Task<IReadOnlyList<ConfigurationRun>> RunsAsync(string instanceUid, int limit, CancellationToken cancellationToken);

    /// <summary>The instances whose newest machine enrolled, and whose agent has reported nothing since.</summary>
    /// <param name="since">The time; before a first report, enrolment counts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Keys of the instances.</returns>
    Task<IReadOnlyList<string>> SilentAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Forgets everything of an instance.</summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    Task ForgetAsync(string instanceUid, CancellationToken cancellationToken);
}

/// <summary>A one-time secret that was issued.</summary>
/// <param name="Instance">Key of the instance, for example <c>dev/demo/etcd/0</c>.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="Token">Token of the step that creates the machine; one enrolment per token.</param>
/// <param name="SecretHash">SHA-256 (hex) of the secret.</param>
/// <param name="ExpiresAt">After this it is refused.</param>
public sealed record OpenEnrolment(string Instance, string InstanceUid, string Token, string SecretHash, DateTimeOffset ExpiresAt);

/// <summary>An enrolled agent.</summary>
/// <param name="Instance">Key of the instance.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="Token">Token of the step that created its machine.</param>
/// <param name="PublicKeyHash">SHA-256 (hex) of its public key.</param>
/// <param name="SshHostKeys">Its machine's SSH host keys.</param>
/// <param name="EnrolledAt">When.</param>
public sealed record AgentIdentity(
    string Instance, string InstanceUid, string Token, string PublicKeyHash, IReadOnlyList<string> SshHostKeys, DateTimeOffset EnrolledAt);

/// <summary>One configuration run on an instance.</summary>
/// <param name="BundleHash">The bundle applied.</param>
/// <param name="Number">Number of the run on that machine, from 1, and from 1 again where the machine lost its state.</param>
/// <param name="Result">How it ended.</param>
/// <param name="TotalResources">Resources in the catalogue.</param>
/// <param name="Seconds">Duration, in seconds.</param>
/// <param name="Message">Why it failed, if it did.</param>
/// <param name="Resources">The changed or failed resources.</param>
/// <param name="At">When it was reported.</param>
public sealed record ConfigurationRun(
    string BundleHash, long Number, RunResult Result, int TotalResources, double Seconds, string? Message,
    IReadOnlyList<ResourceChange> Resources, DateTimeOffset At);

/// <summary>How a configuration run ended.</summary>
public enum RunResult
{
    /// <summary>Nothing needed changing: the instance is as its bundle says.</summary>
    Unchanged,

    /// <summary>Something was changed.</summary>
    Changed,

    /// <summary>Something failed.</summary>
    Failed,
}

/// <summary>A resource that a run changed or failed on.</summary>
/// <param name="Resource">Puppet reference, for example <c>Service[etcd]</c>.</param>
/// <param name="Failed">Whether it failed.</param>
/// <param name="Message">What happened.</param>
public sealed record ResourceChange(string Resource, bool Failed, string Message);
