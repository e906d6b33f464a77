using System.Collections.Immutable;
using Tarmak.Grains.Agents;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>Bundles in force, in memory.</summary>
internal sealed class MemoryBundles : IInstanceBundles
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, InstanceBundle> _bundles = ImmutableDictionary<string, InstanceBundle>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set(string instanceUid, InstanceBundle bundle)
    {
        lock (_gate)
        {
            _bundles = _bundles.SetItem(instanceUid, bundle);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public Task<InstanceBundle?> CurrentAsync(string instanceUid, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_bundles.GetValueOrDefault(instanceUid));
        }
    }

    public Task WaitForChangeAsync(string instanceUid, string? heldHash, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _bundles.GetValueOrDefault(instanceUid)?.Hash != heldHash
                ? Task.CompletedTask
                : _changed.Task.WaitAsync(cancellationToken);
        }
    }
}
