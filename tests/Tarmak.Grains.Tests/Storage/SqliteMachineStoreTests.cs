using Orleans.Storage;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Storage;

public sealed class SqliteMachineStoreTests : IDisposable
{
    private readonly TemporaryHome _home = new();
    private EngineDatabase _database;
    private SqliteMachineStore _store;

    public SqliteMachineStoreTests()
    {
        _database = _home.Open();
        _store = new SqliteMachineStore(_database, TimeProvider.System);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Read_NothingWritten_IsNull() =>
        (await _store.ReadAsync(Sample.Demo, Token)).Should().BeNull();

    [Fact]
    public async Task Write_FullState_ReadsBackTheSameAfterReopening()
    {
        var state = Sample.FullState();
        var etag = await _store.WriteAsync(state, null, Sample.NoEvents, Token);

        Reopen();

        var stored = await _store.ReadAsync(state.Address, Token);
        stored!.ETag.Should().Be(etag);
        MachineJson.Write(stored.State).Should().Be(MachineJson.Write(state));
    }

    [Fact]
    public async Task Write_FullState_InventoryRowIsAsDerived()
    {
        var state = Sample.FullState();
        await _store.WriteAsync(state, null, Sample.NoEvents, Token);

        var page = await new SqliteInventory(_database).ListAsync(new InventoryQuery(), Token);

        page.Rows.Should().ContainSingle().Which.Row.Should().Be(InventoryRow.From(state));
    }

    [Fact]
    public async Task Write_DeletionThatIsBlocked_InventoryRowSaysThatItIsDeleted()
    {
        var state = Sample.State(Sample.Demo, 1, Phase.Blocked);
        var etag = await _store.WriteAsync(state, null, Sample.NoEvents, Token);
        await _store.WriteAsync(state with { Desired = state.Desired! with { Deleting = true } }, etag, Sample.NoEvents, Token);

        var page = await new SqliteInventory(_database).ListAsync(new InventoryQuery(), Token);

        page.Rows.Should().ContainSingle().Which.Row.Should().Match<InventoryRow>(r => r.Deleting && r.Phase == Phase.Blocked);
    }

    [Fact]
    public async Task Write_DiskFull_IsLoggedOnceUntilItWorksAgain()
    {
        _database.Dispose();
        _database = _home.Open(new EngineDatabaseOptions { PageLimit = 80 });
        var log = new ListLogger<SqliteMachineStore>();
        var store = new SqliteMachineStore(_database, TimeProvider.System, log);
        var large = Sample.State(Sample.Demo) with { Outputs = new string('x', 600_000) };

        for (var n = 0; n < 3; n++)
        {
            var write = () => store.WriteAsync(large, null, Sample.NoEvents, Token);
            (await write.Should().ThrowAsync<StorageException>()).Which.Fault.Should().Be(StorageFault.DiskFull);
        }

        await store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

        log.Entries.Should().Equal((1301, null), (1302, null));
    }

    [Fact]
    public async Task Write_DoneForACommand_RemembersItsAnswerOrNeither()
    {
        var answers = new SqliteAnsweredRequests(_database);
        var answered = new AnsweredRequest { RequestId = "r1", Action = "changed", Generation = 2 };
        await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, answered, Token);
        var conflict = () => _store.WriteAsync(Sample.State(Sample.Demo), "77", Sample.NoEvents, answered with { RequestId = "r2" }, Token);

        await conflict.Should().ThrowAsync<InconsistentStateException>();

        (await answers.FindAsync("r1", Token)).Should().Be(answered);
        (await answers.FindAsync("r2", Token)).Should().BeNull();
    }

    [Fact]
    public async Task Remember_ManyRequests_KeepsTheNewestAndTheFirstAnswerOfEach()
    {
        var answers = new SqliteAnsweredRequests(_database);
        var writes = Enumerable.Range(0, SqliteAnsweredRequests.Remembered + 2)
            .Select(n => answers.RememberAsync(new AnsweredRequest { RequestId = $"r{n}", Action = "created" }, Token));
        await Task.WhenAll(writes);
        var newest = $"r{SqliteAnsweredRequests.Remembered + 1}";

        await answers.RememberAsync(new AnsweredRequest { RequestId = newest, Action = "absent" }, Token);

        (await answers.FindAsync("r1", Token)).Should().BeNull();
        (await answers.FindAsync("r2", Token)).Should().NotBeNull();
        (await answers.FindAsync(newest, Token))!.Action.Should().Be("created");
    }

    [Fact]
    public async Task Write_WithTheCurrentETag_GivesAnotherOne()
    {
        var first = await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);
        var second = await _store.WriteAsync(Sample.State(Sample.Demo, 2), first, Sample.NoEvents, Token);

        second.Should().NotBe(first);
        (await _store.ReadAsync(Sample.Demo, Token))!.State.Desired!.Generation.Should().Be(2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("999")]
    [InlineData("0")]
    [InlineData("not a revision")]
    [InlineData("")]
    public async Task Write_WithAWrongETag_ChangesNothing(string? wrong)
    {
        var etag = await _store.WriteAsync(Sample.State(Sample.Demo), null, [Sample.Event("kept")], Token);

        var write = () => _store.WriteAsync(Sample.State(Sample.Demo, 2), wrong, [Sample.Event("lost")], Token);

        await write.Should().ThrowAsync<InconsistentStateException>();
        var stored = await _store.ReadAsync(Sample.Demo, Token);
        stored!.ETag.Should().Be(etag);
        stored.State.Desired!.Generation.Should().Be(1);
        (await EventMessagesAsync()).Should().Equal("kept");
    }

    [Fact]
    public async Task Write_ExpectingAStateWhereNoneIs_IsAConflict()
    {
        var write = () => _store.WriteAsync(Sample.State(Sample.Demo), "1", Sample.NoEvents, Token);

        await write.Should().ThrowAsync<InconsistentStateException>();
        (await _store.ReadAsync(Sample.Demo, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Write_ManyRacingFirstWrites_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 200).Select(n => TryAsync(n, null)));

        outcomes.Count(won => won).Should().Be(1);
    }

    [Fact]
    public async Task Write_ManyRacingUpdates_OneWinsPerVersion()
    {
        var etag = await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

        var outcomes = await Task.WhenAll(Enumerable.Range(2, 200).Select(n => TryAsync(n, etag)));

        outcomes.Count(won => won).Should().Be(1);
    }

    [Fact]
    public async Task Write_LosersInOneTransaction_LeaveTheOthersAlone()
    {
        await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

        // The writer is held so that everything below is in one transaction.
        using var gate = new ManualResetEventSlim();
        var held = _database.WriteAsync(_ => { gate.Wait(Token); return 0; }, Token);
        var writes = Enumerable.Range(0, 100)
            .Select(n => n % 2 == 0 ? TryAsync(n, null) : TryAsync(n, null, MachineAddress.OfCluster("dev", $"c{n}")))
            .ToArray();
        gate.Set();
        await held;

        var outcomes = await Task.WhenAll(writes);

        outcomes.Should().Equal(Enumerable.Range(0, 100).Select(n => n % 2 == 1));
        (await new SqliteInventory(_database).ListAsync(new InventoryQuery(MachineKind.Cluster), Token)).Rows.Should().HaveCount(51);
    }

    [Fact]
    public async Task Write_OneThatThrowsMidway_IsUndoneAlone()
    {
        using var gate = new ManualResetEventSlim();
        var held = _database.WriteAsync(_ => { gate.Wait(Token); return 0; }, Token);
        var before = _store.WriteAsync(Sample.State(Sample.Demo), null, [Sample.Event("before")], Token);
        var failing = _database.WriteAsync<int>(
            session =>
            {
                session.TakeRevision(Sample.Demo);
                session.Execute("DELETE FROM machines");
                throw new InvalidOperationException("midway");
            },
            Token);
        var after = _store.WriteAsync(Sample.State(MachineAddress.OfEnvironment("dev")), null, [Sample.Event("after")], Token);
        gate.Set();
        await held;

        await failing.Invoking(task => task).Should().ThrowAsync<InvalidOperationException>();
        long.Parse(await after).Should().Be(long.Parse(await before) + 1);
        (await _store.ReadAsync(Sample.Demo, Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Write_StateAndEvents_ShareTheRevision()
    {
        var etag = await _store.WriteAsync(Sample.State(Sample.Demo), null, [Sample.Event("a"), Sample.Event("b")], Token);

        var events = await new SqliteInventory(_database).EventsAsync("", EventCursor.Start, follow: false, Token).ToListAsync(Token);

        events.Select(e => (e.Revision, e.Event.Message)).Should().Equal((long.Parse(etag), "a"), (long.Parse(etag), "b"));
    }

    [Fact]
    public async Task Write_OntoAFullDisk_FailsInOneSentenceAndTheWriterGoesOn()
    {
        _database.Dispose();
        _database = _home.Open(new EngineDatabaseOptions { PageLimit = 300 });
        _store = new SqliteMachineStore(_database, TimeProvider.System);
        var small = await _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);
        var large = Sample.State(MachineAddress.OfCluster("dev", "large")) with { Outputs = $"\"{new string('x', 2_000_000)}\"" };

        var write = () => _store.WriteAsync(large, null, [Sample.Event("lost")], Token);

        var thrown = await write.Should().ThrowAsync<StorageException>();
        thrown.Which.Fault.Should().Be(StorageFault.DiskFull);
        thrown.Which.Message.Should().Contain(_home.File).And.Contain("full");
        (await _store.ReadAsync(large.Address, Token)).Should().BeNull();
        (await EventMessagesAsync()).Should().BeEmpty();
        await _store.WriteAsync(Sample.State(Sample.Demo, 2), small, Sample.NoEvents, Token);
    }

    [Fact]
    public async Task Write_AfterClosing_SaysSo()
    {
        _database.Dispose();

        var write = () => _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

        (await write.Should().ThrowAsync<StorageException>()).Which.Fault.Should().Be(StorageFault.Closed);
    }

    [Fact]
    public async Task Write_WaitEnded_IsWrittenAllTheSame()
    {
        using var gate = new ManualResetEventSlim();
        using var impatience = new CancellationTokenSource();
        var held = _database.WriteAsync(_ => { gate.Wait(Token); return 0; }, Token);
        var write = _store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, impatience.Token);
        await impatience.CancelAsync();

        await write.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        gate.Set();
        await held;
        await _database.WriteAsync(_ => 0, Token);
        (await _store.ReadAsync(Sample.Demo, Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Events_BeyondTheLimit_OldestGo()
    {
        _database.Dispose();
        _database = _home.Open(new EngineDatabaseOptions { EventLimit = 50 });
        _store = new SqliteMachineStore(_database, TimeProvider.System);
        string? etag = null;
        for (var n = 1; n <= 200; n++)
        {
            etag = await _store.WriteAsync(Sample.State(Sample.Demo, n), etag, [Sample.Event($"{n}")], Token);
        }

        var messages = await EventMessagesAsync();

        messages.Count.Should().BeInRange(50, 55);
        messages.Should().Equal(Enumerable.Range(201 - messages.Count, messages.Count).Select(n => $"{n}"));
    }

    private async Task<bool> TryAsync(int generation, string? etag, MachineAddress? address = null)
    {
        try
        {
            await _store.WriteAsync(Sample.State(address ?? Sample.Demo, generation), etag, Sample.NoEvents, Token);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private async Task<List<string>> EventMessagesAsync() =>
        await new SqliteInventory(_database).EventsAsync("", EventCursor.Start, follow: false, Token).Select(e => e.Event.Message).ToListAsync(Token);

    private void Reopen()
    {
        _database.Dispose();
        _database = _home.Open();
        _store = new SqliteMachineStore(_database, TimeProvider.System);
    }
}
