using System.Collections.Concurrent;
using Tarmak.Grains.Agents;
using Tarmak.Model.Resources;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>What was granted, in memory.</summary>
internal sealed class MemoryGrants : IInstanceGrants
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<InstanceGrant>> _recorded = new(StringComparer.Ordinal);

    /// <summary>Records the whole of an instance's grants.</summary>
    public void Set(string instanceUid, params IReadOnlyList<InstanceGrant> grants) => _recorded[instanceUid] = grants;

    /// <summary>Withdraws what an instance may do with a path.</summary>
    public void Withdraw(string instanceUid, string path) => _recorded[instanceUid] = [.. _recorded[instanceUid].Where(g => g.Path != path)];

    /// <summary>Forgets an instance, as before anything of it is recorded.</summary>
    public void Forget(string instanceUid) => _recorded.TryRemove(instanceUid, out _);

    public Task<GrantVerdict> LookAsync(string instance, string instanceUid, string path, string verb, CancellationToken cancellationToken) =>
        Task.FromResult(
            !_recorded.TryGetValue(instanceUid, out IReadOnlyList<InstanceGrant>? grants) ? GrantVerdict.Unrecorded
            : grants.Any(g => g.Allows(path, verb)) ? GrantVerdict.Granted
            : GrantVerdict.Refused);
}
