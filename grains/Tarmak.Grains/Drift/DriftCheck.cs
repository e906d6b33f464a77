using Tarmak.Grains.Budgets;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Machines;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>Compares what providers list with what the inventory says there is, and wakes only what differs.</summary>
/// <param name="providers">The bound providers.</param>
/// <param name="inventory">What there should be, and which providers that takes.</param>
/// <param name="budgets">Leases the calls that list.</param>
/// <param name="grains">Leads to the machines.</param>
/// <param name="time">The clock.</param>
public sealed class DriftCheck(ProviderCatalog providers, IInventory inventory, CallBudgets budgets, IGrainFactory grains, TimeProvider time)
{
    /// <summary>How long <see cref="NoticeAsync"/> waits for what it woke to be known all the way up.</summary>
    public static readonly TimeSpan NoticeDeadline = TimeSpan.FromSeconds(5);

    /// <summary>How long one page of a list may take, once the account's budget allowed it.</summary>
    public static readonly TimeSpan ListDeadline = TimeSpan.FromSeconds(30);

    // Agents' reports tell of convergence. A lost authority is not made again as it was: a new one in its place cuts off
    // everybody who trusts the old one and serves well without its key.
    private static readonly HashSet<string> NeverDue = new([ResourceKinds.Convergence, ResourceKinds.Authority], StringComparer.Ordinal);

    /// <summary>
    /// Wakes the objects that are not there, or do not run, although the inventory has them as ready. Each account is
    /// asked on its own: one that does not answer hides nothing of the others.
    /// </summary>
    /// <param name="isDue">By key: whether an object that no provider lists is to be looked at now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What each provider came to that the inventory names or that is open.</returns>
    public async Task<IReadOnlyList<ProviderSweep>> SweepAsync(Predicate<string> isDue, CancellationToken cancellationToken)
    {
        var rounds = await PlanAsync(cancellationToken);
        return await SweepAsync(rounds, isDue, cancellationToken);
    }

    /// <summary>What there is to look at, by account.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A round for each account that the inventory names or that is open.</returns>
    public async Task<IReadOnlyList<AccountRound>> PlanAsync(CancellationToken cancellationToken)
    {
        // The inventory first: what is made between the two reads is then in the list only, and no difference.
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability), cancellationToken);
        return await PlanAsync(page.Rows, providers.Opened.Select(p => p.Key), cancellationToken);
    }

    /// <summary>Lists an account page by page, each on a lease of its budget, and wakes what differs.</summary>
    /// <param name="round">The account.</param>
    /// <param name="isDue">By key: whether an object that no provider lists is to be looked at now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What each of its providers came to.</returns>
    public async Task<IReadOnlyList<ProviderSweep>> SweepAsync(AccountRound round, Predicate<string> isDue, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(round);
        ArgumentNullException.ThrowIfNull(isDue);
        var failure = round.Failure;
        IObjectWatch? watch = null;
        List<OwnedObject> owned = [];
        if (failure is null && round.Objects.Keys.First() is var name && name != EngineProvider.Name)
        {
            try
            {
                watch = (await providers.GetAsync(name, cancellationToken)).Watch;
                owned = watch is null ? [] : await ListAsync(name, watch, cancellationToken);
            }
            catch (Exception told) when (told is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                // The boundary of a loop over accounts, whose code is not ours: what one throws concerns no other.
                failure = told;
            }
        }

        if (failure is not null)
        {
            return [.. round.Objects.Keys.Select(provider => new ProviderSweep(provider, [], failure))];
        }

        var running = owned.Where(o => o.Running).Select(o => (o.Kind, o.ObjectId)).ToHashSet();
        List<OwnedObject> strays = [.. owned.Where(o => !round.Owners.Contains((o.Marks.Owner, o.Marks.Uid)))];
        List<ProviderSweep> sweeps = [];
        foreach (var (provider, objects) in round.Objects)
        {
            List<MachineAddress> differing = [.. objects
                .Where(r => r is { Phase: Phase.Ready, ObjectId: { } id, Address: { ResourceKind: { } kind, Key: var key } }
                    && (watch?.ListedKinds.Contains(kind) == true ? !running.Contains((kind, id)) : !NeverDue.Contains(kind) && isDue(key)))
                .Select(r => r.Address)];
            differing.ForEach(Nudge);

            // An account is listed once, so its strays are told once.
            sweeps.Add(new ProviderSweep(provider, differing) { Strays = sweeps.Count == 0 ? strays : [] });
        }

        return sweeps;
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
        var sweeps = await SweepAsync(await PlanAsync(before.Rows, [], cancellationToken), static _ => false, cancellationToken);
        var roots = sweeps.SelectMany(s => s.Woken)
            .Select(a => a.Cluster is { } cluster ? $"{a.Environment}/{cluster}" : a.Environment).ToHashSet(StringComparer.Ordinal);
        roots.IntersectWith(before.Rows.Where(r => r.Row.Phase == Phase.Ready).Select(r => r.Row.Address.Key));
        await AwaitAsync(roots, before.Revision, cancellationToken);
        return sweeps;
    }

    /// <summary>Wakes a machine. A hint: losing it changes nothing.</summary>
    /// <param name="address">The machine.</param>
    public void Nudge(MachineAddress address) => grains.Machine(address).NudgeAsync().Ignore();

    private async Task<IReadOnlyList<ProviderSweep>> SweepAsync(IReadOnlyList<AccountRound> rounds, Predicate<string> isDue, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(rounds.Select(round => SweepAsync(round, isDue, cancellationToken)))).SelectMany(sweeps => sweeps)];

    private async Task<IReadOnlyList<AccountRound>> PlanAsync(IEnumerable<VersionedRow> rows, IEnumerable<string> others, CancellationToken cancellationToken)
    {
        var objects = rows.Select(r => r.Row).Where(r => r.Provider is not null).ToLookup(r => r.Provider!, StringComparer.Ordinal);
        var owners = objects.SelectMany(o => o).Select(r => (r.Address.Key, r.Uid)).ToHashSet();
        var names = objects.Select(o => o.Key).Union(others, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var found = await Task.WhenAll(names.Select(name => AccountOfAsync(name, cancellationToken)));
        return [.. found.GroupBy(f => (f.Account, f.Failure)).Select(account => new AccountRound(
            account.Key.Account,
            account.ToDictionary(f => f.Name, f => (IReadOnlyList<InventoryRow>)[.. objects[f.Name]], StringComparer.Ordinal),
            owners)
        {
            Failure = account.Key.Failure,
        })];
    }

    private async Task<(string Name, string Account, Exception? Failure)> AccountOfAsync(string name, CancellationToken cancellationToken)
    {
        if (name == EngineProvider.Name)
        {
            return (name, name, null);
        }

        try
        {
            await providers.GetAsync(name, cancellationToken);
            return (name, providers.AccountOf(name)?.Account ?? name, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // One that cannot be opened is an account of its own, of which nothing is known.
            return (name, name, failure);
        }
    }

    private async Task<List<OwnedObject>> ListAsync(string name, IObjectWatch watch, CancellationToken cancellationToken)
    {
        List<OwnedObject> owned = [];
        string? next = null;
        do
        {
            var lease = await budgets.LeaseAsync(new CallAsk(name, "", true, CallClass.Check, ""), cancellationToken);
            var end = CallEnd.Made;
            using var deadline = new CancellationTokenSource(ListDeadline, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                var page = await watch.ListPageAsync(next, limit.Token);
                owned.AddRange(page.Objects);
                next = page.Next;
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Provider {name} did not list its objects within {ListDeadline.TotalSeconds:0} s.");
            }
            catch (ProviderException refused) when (refused.Error == ErrorClass.RateLimited)
            {
                end = CallEnd.Throttled;
                throw;
            }
            finally
            {
                budgets.End(lease, end);
            }
        }
        while (next is not null);
        return owned;
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
