using Tarmak.Grains.Agents;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>The directory's rules, in memory.</summary>
internal sealed class MemoryAgentDirectory : IAgentDirectory
{
    private readonly Lock _gate = new();
    private readonly List<OpenEnrolment> _enrolments = [];
    private readonly Dictionary<string, AgentIdentity> _agents = new(StringComparer.Ordinal);
    private readonly List<(string PublicKeyHash, ConfigurationRun Run)> _runs = [];

    public Task OpenEnrolmentAsync(OpenEnrolment enrolment, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_enrolments.Any(known => known.InstanceUid == enrolment.InstanceUid && known.Token == enrolment.Token))
            {
                _enrolments.Add(enrolment);
            }

            return Task.CompletedTask;
        }
    }

    public Task ExtendEnrolmentAsync(string instanceUid, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing under test waits for a machine.");

    public Task<AgentIdentity?> UseEnrolmentAsync(
        string instanceUid, string secretHash, string publicKeyHash, IReadOnlyList<string> sshHostKeys, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            OpenEnrolment? enrolment = _enrolments.FirstOrDefault(known => known.InstanceUid == instanceUid && known.SecretHash == secretHash);
            AgentIdentity? bound = _agents.Values.FirstOrDefault(agent => agent.InstanceUid == instanceUid && agent.Token == enrolment?.Token);
            if (enrolment is null || now > enrolment.ExpiresAt || (bound is not null && bound.PublicKeyHash != publicKeyHash))
            {
                return Task.FromResult<AgentIdentity?>(null);
            }

            AgentIdentity identity = bound ?? new AgentIdentity(enrolment.Instance, instanceUid, enrolment.Token, publicKeyHash, sshHostKeys, now);
            _agents[publicKeyHash] = identity;
            return Task.FromResult<AgentIdentity?>(identity);
        }
    }

    public Task<AgentIdentity?> FindAsync(string publicKeyHash, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_agents.GetValueOrDefault(publicKeyHash));
        }
    }

    public Task<AgentIdentity?> FindByInstanceAsync(string instanceUid, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_agents.Values.FirstOrDefault(agent => agent.InstanceUid == instanceUid));
        }
    }

    public Task RecordRunAsync(string publicKeyHash, ConfigurationRun run, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_runs.Any(known => known.PublicKeyHash == publicKeyHash && known.Run.Number == run.Number))
            {
                _runs.Add((publicKeyHash, run));
            }

            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<ConfigurationRun>> RunsAsync(string instanceUid, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<ConfigurationRun>>([
                .. _runs.Where(known => _agents.GetValueOrDefault(known.PublicKeyHash)?.InstanceUid == instanceUid)
                    .Select(known => known.Run).OrderByDescending(run => run.Number).Take(limit)]);
        }
    }

    public Task<IReadOnlyList<string>> SilentAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing under test waits for a silence.");

    public Task ForgetAsync(string instanceUid, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (string key in _agents.Where(pair => pair.Value.InstanceUid == instanceUid).Select(pair => pair.Key).ToArray())
            {
                _agents.Remove(key);
            }

            return Task.CompletedTask;
        }
    }
}
