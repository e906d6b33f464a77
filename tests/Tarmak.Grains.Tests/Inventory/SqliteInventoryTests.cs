using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Inventory;

public sealed class SqliteInventoryTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly EngineDatabase _database;
    private readonly SqliteMachineStore _store;
    private readonly SqliteInventory _inventory;

    public SqliteInventoryTests()
    {
        _database = _home.Open();
        _store = new SqliteMachineStore(_database, TimeProvider.System);
        _inventory = new SqliteInventory(_database);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task List_Under_IsTheTreeAndNoNeighbour()
    {
        string[] tree = ["dev/demo", "dev/demo#dns/api", "dev/demo/etcd", "dev/demo/etcd/0", "dev/demo/etcd/0#volume/data"];
        string[] neighbours = ["dev", "dev/demo2", "dev/demo-a", "dev/dem", "dev#dns/demo", "other/demo", "dev/demo!", "dev/demo$"];
        foreach (var key in tree.Concat(neighbours))
        {
            await _store.WriteAsync(Sample.State(new MachineAddress(MachineKind.Capability, key)), null, [Sample.Event(key)], Token);
        }

        var page = await _inventory.ListAsync(new InventoryQuery(Under: "dev/demo"), Token);
        var events = await _inventory.EventsAsync("dev/demo", EventCursor.Start, follow: false, Token).ToListAsync(Token);

        page.Rows.Select(row => row.Row.Address.Key).Should().Equal(tree.Order(StringComparer.Ordinal));
        events.Select(e => e.Event.Message).Should().Equal(tree);
    }

    [Fact]
    public async Task List_SameKeyInTwoKinds_AreTwoMachines()
    {
        var pool = new MachineAddress(MachineKind.InstancePool, "dev/demo");
        await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);
        await _store.WriteAsync(Sample.State(pool), null, Sample.NoEvents, Token);

        (await _inventory.ListAsync(new InventoryQuery(Key: "dev/demo"), Token)).Rows.Should().HaveCount(2);
        (await _inventory.ListAsync(new InventoryQuery(MachineKind.InstancePool), Token)).Rows
            .Should().ContainSingle().Which.Row.Address.Should().Be(pool);
    }

    [Theory]
    [InlineData("kind = $kind", "PRIMARY KEY|sqlite_autoindex_machines_1")]
    [InlineData("environment = $environment", "machines_by_environment")]
    [InlineData("cluster = $cluster", "machines_by_cluster")]
    [InlineData("key = $key", "machines_by_key")]
    [InlineData(InventorySql.Under, "machines_by_key")]
    [InlineData("revision > $cursor", "machines_by_revision")]
    public async Task List_EachRestriction_IsAnsweredByAnIndex(string condition, string indices)
    {
        var plan = await _database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"EXPLAIN QUERY PLAN SELECT {InventorySql.Columns} FROM machines WHERE phase <> 'Deleted' AND {condition}";
                foreach (var name in new[] { "$kind", "$environment", "$cluster", "$key", "$under", "$cursor" }.Where(condition.Contains))
                {
                    command.Parameters.AddWithValue(name, "x");
                }

                using var reader = command.ExecuteReader();
                var steps = new List<string>();
                while (reader.Read())
                {
                    steps.Add(reader.GetString(3));
                }

                return steps;
            },
            Token);

        plan.Should().NotContain(step => step.StartsWith("SCAN", StringComparison.Ordinal));
        plan.Should().Contain(step => indices.Split('|', StringSplitOptions.None).Any(step.Contains));
    }

    public static TheoryData<InventoryQuery> Queries =>
    [
        new InventoryQuery(),
        new InventoryQuery(MachineKind.Cluster),
        new InventoryQuery(Environment: "dev"),
        new InventoryQuery(MachineKind.Instance, "dev", "demo"),
        new InventoryQuery(MachineKind.Capability, ResourceKind: "edge"),
        new InventoryQuery(Key: "dev/demo"),
        new InventoryQuery(Under: "dev"),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Changes_WhateverIsAskedFor_AreFoundByRevisionAndNotSorted(InventoryQuery query)
    {
        var plan = await _database.ReadAsync(
            connection =>
            {
                using var command = InventorySql.Changes(connection, query, 5, 0, 10);
                command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
                using var reader = command.ExecuteReader();
                var steps = new List<string>();
                while (reader.Read())
                {
                    steps.Add(reader.GetString(3));
                }

                return steps;
            },
            Token);

        plan.Should().ContainSingle().Which.Should().Be("SEARCH machines USING INDEX machines_by_revision (revision>?)");
    }

    [Theory]
    [InlineData("dev/demo", true)]
    [InlineData("dev/demo#dns/api", true)]
    [InlineData("dev/demo2", false)]
    [InlineData("dev", false)]
    public async Task Feed_Commit_WakesOnlyWhomItConcerns(string changed, bool wakes)
    {
        using var watch = _database.Feed.Watch(null, new InventoryQuery(Under: "dev/demo").Matches);
        using var exact = _database.Feed.Watch("dev/demo", new InventoryQuery(Key: "dev/demo").Matches);
        var (next, nextExact) = (watch.Next, exact.Next);

        await _store.WriteAsync(Sample.State(new MachineAddress(MachineKind.Capability, changed)), null, Sample.NoEvents, Token);

        next.IsCompleted.Should().Be(wakes);
        nextExact.IsCompleted.Should().Be(changed == "dev/demo");
    }

    [Fact]
    public async Task Events_ResumedWithinACommit_TellTheRestOfIt()
    {
        await _store.WriteAsync(Sample.State(Sample.Demo), null, [Sample.Event("a"), Sample.Event("b"), Sample.Event("c")], Token);
        var first = await _inventory.EventsAsync("dev", EventCursor.Start, follow: false, Token).FirstAsync(Token);

        var rest = await _inventory.EventsAsync("dev", first.Cursor, follow: false, Token).ToListAsync(Token);
        var after = await _inventory.EventsAsync("dev", EventCursor.After(first.Revision), follow: false, Token).ToListAsync(Token);

        rest.Select(e => e.Event.Message).Should().Equal("b", "c");
        after.Should().BeEmpty();
    }

    [Fact]
    public async Task Watch_FromTheBeginning_TellsThePresentThenThatItIsCaughtUpThenChanges()
    {
        await WriteAsync("a", Phase.Ready);
        await WriteAsync("gone", Phase.Deleted);
        await using var watch = _inventory.WatchAsync(new InventoryQuery(), 0, Token).GetAsyncEnumerator(Token);

        (await NextAsync(watch)).Should().Be("a Ready");
        (await NextAsync(watch)).Should().Be("caught up at 2");
        await WriteAsync("b", Phase.Pending);
        (await NextAsync(watch)).Should().Be("b Pending");
        (await NextAsync(watch)).Should().Be("caught up at 3");
        await DeleteAsync("a");
        (await NextAsync(watch)).Should().Be("a Deleted");
    }

    [Fact]
    public async Task Watch_Resumed_TellsDeletionsSince()
    {
        await WriteAsync("a", Phase.Ready);
        await WriteAsync("b", Phase.Ready);
        await DeleteAsync("a");

        await using var watch = _inventory.WatchAsync(new InventoryQuery(), 2, Token).GetAsyncEnumerator(Token);

        (await NextAsync(watch)).Should().Be("a Deleted");
        (await NextAsync(watch)).Should().Be("caught up at 3");
    }

    [Fact]
    public async Task Watch_RevisionFromTheFuture_TellsThePresentState()
    {
        await WriteAsync("a", Phase.Ready);

        await using var watch = _inventory.WatchAsync(new InventoryQuery(), 1_000, Token).GetAsyncEnumerator(Token);

        (await NextAsync(watch)).Should().Be("a Ready");
    }

    [Fact]
    public async Task Watch_MoreThanAPage_TellsAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_203).Select(n => WriteAsync($"c{n}", Phase.Ready)));

        var changes = await _inventory.WatchAsync(new InventoryQuery(), 0, Token).TakeWhile(change => change.Row is not null).ToListAsync(Token);

        changes.Select(change => change.Revision).Should().Equal(Enumerable.Range(1, 1_203).Select(n => (long)n));
    }

    [Fact]
    public async Task Watch_ForeignChanges_AreNotTold()
    {
        await using var watch = _inventory.WatchAsync(new InventoryQuery(Key: "mine"), 0, Token).GetAsyncEnumerator(Token);
        (await NextAsync(watch)).Should().Be("caught up at 0");
        var next = NextAsync(watch);

        await WriteAsync("foreign", Phase.Ready);
        await WriteAsync("mine", Phase.Ready);

        (await next).Should().Be("mine Ready");
        (await NextAsync(watch)).Should().Be("caught up at 2");
    }

    [Fact]
    public async Task Watch_DatabaseClosed_Ends()
    {
        await using var watch = _inventory.WatchAsync(new InventoryQuery(), 0, Token).GetAsyncEnumerator(Token);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();

        await _database.DisposeAsync();

        (await next.WaitAsync(TimeSpan.FromSeconds(30), Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Watch_Ended_StopsWaiting()
    {
        using var ending = new CancellationTokenSource();
        await using var watch = _inventory.WatchAsync(new InventoryQuery(), 0, ending.Token).GetAsyncEnumerator(ending.Token);
        await watch.MoveNextAsync();
        var next = watch.MoveNextAsync().AsTask();

        await ending.CancelAsync();

        await next.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Watch_ConcurrentWritersAndResumes_NeverSkipsAndNeverGoesBack()
    {
        const int Writers = 8, Machines = 5, Writes = 60;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                var etags = new string?[Machines];
                for (var n = 1; n <= Writes; n++)
                {
                    var machine = n % Machines;
                    var address = MachineAddress.OfCluster("dev", $"w{writer}m{machine}");
                    etags[machine] = await _store.WriteAsync(Sample.State(address, n), etags[machine], Sample.NoEvents, Token);
                }
            },
            Token)));

        var (seen, cursor) = (new Dictionary<string, long>(), 0L);
        bool SeenAll() => seen.Count == Writers * Machines && seen.Values.All(newest => newest > Writes - Machines);
        while (!SeenAll())
        {
            // Each round is a new watch, given up after a few changes and resumed from where it was.
            await foreach (var change in _inventory.WatchAsync(new InventoryQuery(), cursor, Token).Take(7))
            {
                if (change.Row is { } row)
                {
                    change.Revision.Should().BeGreaterThan(cursor);
                    row.Generation.Should().BeGreaterThan(seen.GetValueOrDefault(row.Address.Key));
                    seen[row.Address.Key] = row.Generation;
                }

                cursor = change.Revision;
                if (SeenAll())
                {
                    break;
                }
            }
        }

        await writing;
        seen.Values.Should().OnlyContain(newest => newest > Writes - Machines);
    }

    [Fact]
    public async Task Events_Followed_ComeInOrderWithoutGaps()
    {
        var writing = Task.Run(
            async () =>
            {
                string? etag = null;
                for (var n = 0; n < 200; n++)
                {
                    etag = await _store.WriteAsync(
                        Sample.State(Sample.Demo, n), etag, [Sample.Event($"{n}a"), Sample.Event($"{n}b")], Token);
                }
            },
            Token);

        var messages = await _inventory.EventsAsync("dev", EventCursor.Start, follow: true, Token).Take(400).Select(e => e.Event.Message).ToListAsync(Token);

        messages.Should().Equal(Enumerable.Range(0, 200).SelectMany(n => new[] { $"{n}a", $"{n}b" }));
        await writing;
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<InventoryChange> watch)
    {
        (await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token)).Should().BeTrue();
        return watch.Current.Row is { } row ? $"{row.Address.Key} {row.Phase}" : $"caught up at {watch.Current.Revision}";
    }

    private Task<string> WriteAsync(string environment, Phase phase) =>
        _store.WriteAsync(Sample.State(MachineAddress.OfEnvironment(environment), 1, phase), null, Sample.NoEvents, Token);

    private async Task DeleteAsync(string environment)
    {
        var address = MachineAddress.OfEnvironment(environment);
        var stored = await _store.ReadAsync(address, Token);
        await _store.WriteAsync(Sample.State(address, 2, Phase.Deleted), stored!.ETag, Sample.NoEvents, Token);
    }
}
