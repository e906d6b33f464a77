using Tarmak.Grains.Inventory;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>Compares what providers list with what the inventory says there is, and wakes only what differs.</summary>
/// <param name="providers">The bound providers.</param>
/// <param name="inventory">What there should be.</param>
/// <param name="grains">Leads to the machines.</param>
public sealed class DriftCheck(ProviderCatalog providers, IInventory inventory, IGrainFactory grains)
{
    /// <summary>How long <see cref="NoticeAsync"/> waits for what it woke to be known all the way up.</summary>
    public static readonly TimeSpan NoticeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Wakes the objects of a provider that are not there, or do not run, although the inventory has them as ready.</summary>
    /// <param name="name">The provider's name.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The machines that were woken.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    public async Task<IReadOnlyList<MachineAddress>> SweepAsync(string name, IProvider provider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider.Watch is not { } watch)
        {
            return [];
        }

        // The inventory first: what is made between the two reads is then in the list only, and no difference.
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability), cancellationToken);
        var owned = await watch.ListOwnedAsync(cancellationToken);
        var running = owned.Where(o => o.Running).Select(o => (o.Kind, o.ObjectId)).ToHashSet();
        List<MachineAddress> differing = [.. page.Rows.Select(r => r.Row)
            .Where(r => r.Provider == name && r.Phase == Phase.Ready && r.ObjectId is not null
                && watch.ListedKinds.Contains(r.Address.ResourceKind!) && !running.Contains((r.Address.ResourceKind!, r.ObjectId)))
            .Select(r => r.Address)];
        foreach (var address in differing)
        {
            Nudge(address);
        }

        return differing;
    }

    /// <summary>
    /// Sweeps the providers in use, and returns once whatever differs is known to the clusters and environments it
    /// belongs to: whoever looks at them next does not see what was true before, say, a reboot.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">A provider did not answer or refused.</exception>
    public async Task NoticeAsync(CancellationToken cancellationToken)
    {
        var before = await inventory.ListAsync(new InventoryQuery(), cancellationToken);
        List<MachineAddress> differing = [];
        foreach (var (name, provider) in providers.Opened)
        {
            differing.AddRange(await SweepAsync(name, provider, cancellationToken));
        }

        var roots = differing.Select(a => a.Cluster is { } cluster ? $"{a.Environment}/{cluster}" : a.Environment).ToHashSet(StringComparer.Ordinal);
        roots.IntersectWith(before.Rows.Where(r => r.Row.Phase == Phase.Ready).Select(r => r.Row.Address.Key));
        if (roots.Count == 0)
        {
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(NoticeDeadline);
        try
        {
            await foreach (var change in inventory.WatchAsync(new InventoryQuery(), before.Revision, deadline.Token))
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

    /// <summary>Wakes a machine. A hint: losing it changes nothing.</summary>
    /// <param name="address">The machine.</param>
    public void Nudge(MachineAddress address) => grains.Machine(address).NudgeAsync().Ignore();
}
