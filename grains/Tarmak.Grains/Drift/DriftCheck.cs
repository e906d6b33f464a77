using Tarmak.Grains.Inventory;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.State;

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

    /// <summary>
    /// Wakes the objects that are not there, or do not run, although the inventory has them as ready. Each provider is
    /// asked on its own: one that does not answer hides nothing of the others.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What each provider that the inventory names came to.</returns>
    public async Task<IReadOnlyList<ProviderSweep>> SweepAsync(CancellationToken cancellationToken)
    {
        // The inventory first: what is made between the two reads is then in the list only, and no difference.
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability), cancellationToken);
        var byProvider = page.Rows.Select(r => r.Row).Where(r => r.Provider is not null and not EngineProvider.Name).GroupBy(r => r.Provider!, StringComparer.Ordinal);
        return await Task.WhenAll(byProvider.Select(rows => SweepAsync(rows.Key, rows, cancellationToken)));
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
        var sweeps = await SweepAsync(cancellationToken);
        var roots = sweeps.SelectMany(s => s.Woken)
            .Select(a => a.Cluster is { } cluster ? $"{a.Environment}/{cluster}" : a.Environment).ToHashSet(StringComparer.Ordinal);
        roots.IntersectWith(before.Rows.Where(r => r.Row.Phase == Phase.Ready).Select(r => r.Row.Address.Key));
        await AwaitAsync(roots, before.Revision, cancellationToken);
        return sweeps;
    }

    /// <summary>Wakes a machine. A hint: losing it changes nothing.</summary>
    /// <param name="address">The machine.</param>
    public void Nudge(MachineAddress address) => grains.Machine(address).NudgeAsync().Ignore();

    private async Task<ProviderSweep> SweepAsync(string name, IEnumerable<InventoryRow> rows, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(ListDeadline, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            if ((await providers.GetAsync(name, limit.Token)).Watch is not { } watch)
            {
                return new ProviderSweep(name, []);
            }

            var owned = await watch.ListOwnedAsync(limit.Token);
            var running = owned.Where(o => o.Running).Select(o => (o.Kind, o.ObjectId)).ToHashSet();
            List<MachineAddress> differing = [.. rows
                .Where(r => r.Phase == Phase.Ready && r.ObjectId is not null
                    && watch.ListedKinds.Contains(r.Address.ResourceKind!) && !running.Contains((r.Address.ResourceKind!, r.ObjectId)))
                .Select(r => r.Address)];
            differing.ForEach(Nudge);
            return new ProviderSweep(name, differing);
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
