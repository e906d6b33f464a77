using System.Collections.Immutable;
using Tarmak.Grains.Agents;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>Bundles in force, in memory.</summary>
internal sealed class MemoryBundles : IInstanceBundles
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, InstanceBundle> _bundles = ImmutableDictionary<string, InstanceBundle>.Empty;
    private readonly TaskCompletionSource _waitedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableHashSet<string> _removed = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set(string instanceUid, InstanceBundle bundle)
    {
        lock (_gate)
        {
            _bundles = _bundles.SetItem(instanceUid, bundle);
            Change();
        }
    }

    /// <summary>Ends once somebody waits for a change.</summary>
    public Task WaitedForAsync(CancellationToken cancellationToken) => _waitedFor.Task.WaitAsync(cancellationToken);

    /// <summary>Takes an instance's bundle out of force, as while it is changed.</summary>
    public void Clear(string instanceUid)
    {
        lock (_gate)
        {
            _bundles = _bundles.Remove(instanceUid);
            Change();
        }
    }

    /// <summary>The instance's machine is no longer the one that counts.</summary>
    public void Remove(string instanceUid)
    {
        lock (_gate)
        {
            _removed = _removed.Add(instanceUid);
            Change();
        }
    }

    public Task<BundleStanding> CurrentAsync(string instanceUid, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<BundleStanding>(
                _removed.Contains(instanceUid) ? new BundleStanding.NoMachine()
                : _bundles.TryGetValue(instanceUid, out InstanceBundle? bundle) ? new BundleStanding.InForce(bundle)
                : new BundleStanding.Changing());
        }
    }

    public Task WaitForChangeAsync(string instanceUid, string? heldHash, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _waitedFor.TrySetResult();
            return _removed.Contains(instanceUid) || _bundles.GetValueOrDefault(instanceUid)?.Hash != heldHash
                ? Task.CompletedTask
                : _changed.Task.WaitAsync(cancellationToken);
        }
    }

    private void Change()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
