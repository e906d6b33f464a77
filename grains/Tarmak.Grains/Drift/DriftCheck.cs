using Tarmak.Grains.Inventory;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Drift;

/// <summary>Compares what providers list with what the inventory says there is, and wakes only what differs.</summary>
/// <param name="providers">The bound providers.</param>
/// <param name="inventory">What there should be, and which providers that takes.</param>
/// <param name="grains">Leads to the machines.</param>
/// <param name="time">The clock.</param>
public sealed class DriftCheck(ProviderCatalog providers, IInventory inventory, IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long <see cref="NoticeAsync"/> waits for what it woke to be known all the way up.</summary>
    public static readonly TimeSpan NoticeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>How long one provider may take to list its objects.</summary>
    public static readonly TimeSpan ListDeadline = TimeSpan.FromSeconds(30);

    // Agents' reports tell of convergence. A lost authority is not made again as it was: a new one in its place cuts off
    // everybody who trusts the old one and serves well without its key.
    private static readonly HashSet<string> NeverDue = new([ResourceKinds.Convergence, ResourceKinds.Authority], StringComparer.Ordinal);

    /// <summary>
    /// Wakes the objects that are not there, or do not run, although the inventory has them as ready. Each provider is
    /// asked on its own: one that does not answer hides nothing of the others.
    /// </summary>
    /// <param name="isDue">By key: whether an object that no provider lists is to be looked at now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What each provider came to that the inventory names or that is open.</returns>
    public async Task<IReadOnlyList<ProviderSweep>> SweepAsync(Predicate<string> isDue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isDue);

        // The inventory first: what is made between the two reads is then in the list only, and no difference.
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability), cancellationToken);
        return await SweepAsync(page.Rows, providers.Opened.Select(p => p.Key), isDue, cancellationToken);
    }

    /// <summary>
    /// Sweeps, and returns once whatever differs is known to the clusters and environments it belongs to: whoever looks
    /// at them next does not see what was true before, say, a reboot.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What each provider that the inventory names came to.</returns>
    public async Task<IReadOnlyList<ProviderSweep>> NoticeAsync(CancellationToken cancellationToken)
    {
        var before = await inventory.ListAsync(new InventoryQuery(), cancellationToken);
        var sweeps = await SweepAsync(before.Rows, [], static _ => false, cancellationToken);
        var roots = sweeps.SelectMany(s => s.Woken)
            .Select(a => a.Cluster is { } cluster ? $"{a.Environment}/{cluster}" : a.Environment).ToHashSet(StringComparer.Ordinal);
        roots.IntersectWith(before.Rows.Where(r => r.Row.Phase == Phase.Ready).Select(r => r.Row.Address.Key));
        await AwaitAsync(roots, before.Revision, cancellationToken);
        return sweeps;
    }

    /// <summary>Wakes a machine. A hint: losing it changes nothing.</summary>
    /// <param name="address">The machine.</param>
    public void Nudge(MachineAddress address) => grains.Machine(address).NudgeAsync().Ignore();

    private async Task<IReadOnlyList<ProviderSweep>> SweepAsync(
        IEnumerable<VersionedRow> rows, IEnumerable<string> others, Predicate<string> isDue, CancellationToken cancellationToken)
    {
        var objects = rows.Select(r => r.Row).Where(r => r.Provider is not null).ToLookup(r => r.Provider!, StringComparer.Ordinal);
        var owners = objects.SelectMany(o => o).Select(r => (r.Address.Key, r.Uid)).ToHashSet();
        var names = objects.Select(o => o.Key).Union(others, StringComparer.Ordinal);
        return await Task.WhenAll(names.Select(name => SweepAsync(name, objects[name], owners, isDue, cancellationToken)));
    }

    private async Task<ProviderSweep> SweepAsync(
        string name, IEnumerable<InventoryRow> objects, HashSet<(string Key, string Uid)> owners, Predicate<string> isDue, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ListDeadline, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var watch = name == EngineProvider.Name ? null : (await providers.GetAsync(name, limit.Token)).Watch;
            var owned = watch is null ? [] : await watch.ListOwnedAsync(limit.Token);
            var running = owned.Where(o => o.Running).Select(o => (o.Kind, o.ObjectId)).ToHashSet();
            List<MachineAddress> differing = [.. objects
                .Where(r => r is { Phase: Phase.Ready, ObjectId: { } id, Address: { ResourceKind: { } kind, Key: var key } }
                    && (watch?.ListedKinds.Contains(kind) == true ? !running.Contains((kind, id)) : !NeverDue.Contains(kind) && isDue(key)))
                .Select(r => r.Address)];
            differing.ForEach(Nudge);
            return new ProviderSweep(name, differing) { Strays = [.. owned.Where(o => !owners.Contains((o.Marks.Owner, o.Marks.Uid)))] };
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new ProviderSweep(name, [], new TimeoutException($"Provider {name} did not list its objects within {ListDeadline.TotalSeconds:0} s."));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // The boundary of a loop over providers, whose code is not ours: what one throws concerns no other.
            return new ProviderSweep(name, [], failure);
        }
    }

    private async Task AwaitAsync(HashSet<string> roots, long revision, CancellationToken cancellationToken)
    {
        if (roots.Count == 0)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(NoticeDeadline, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await foreach (var change in inventory.WatchAsync(new InventoryQuery(), revision, limit.Token))
            {
                if (change.Row is { } row && row.Phase != Phase.Ready && roots.Remove(row.Address.Key) && roots.Count == 0)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What was listed as missing was found to be there after all, or its machine is slow to look: no reason to hold anybody up.
        }
    }
}
