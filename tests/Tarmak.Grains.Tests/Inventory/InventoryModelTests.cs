using CsCheck;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Inventory;

/// <summary>Lists, watches and events of random histories against a model in memory.</summary>
public sealed class InventoryModelTests
{
    private static readonly MachineAddress[] Addresses =
    [
        MachineAddress.OfEnvironment("dev"), MachineAddress.OfEnvironment("de"), MachineAddress.OfEnvironment("devx"),
        MachineAddress.OfEnvironment("dev").Capability("dns", "zone"), MachineAddress.OfCluster("dev", "demo"),
        MachineAddress.OfCluster("dev", "demo2"), MachineAddress.OfCluster("devx", "demo"),
        MachineAddress.OfCluster("dev", "demo").Nested(MachineKind.InstancePool, "etcd"),
        MachineAddress.OfCluster("dev", "demo").Nested(MachineKind.InstancePool, "etcd").Nested(MachineKind.Instance, "0"),
        MachineAddress.OfCluster("dev", "demo").Capability("network", "main"),
    ];

    private static readonly Gen<Write> Writes =
        Gen.Select(Of(Addresses), Gen.Enum<Phase>(), Gen.Int[0, 3]).Select((address, phase, events) => new Write(address, phase, events));

    private static readonly Gen<InventoryQuery> Queries = Gen.Select(
        Gen.Enum<MachineKind>().Nullable(0.6), OneOf("dev", "devx"), OneOf("demo", "demo2"), OneOf("dev", "dev/demo"),
        OneOf("dev", "dev/demo", "dev/demo/etcd", "d")).Select((kind, environment, cluster, key, under) =>
            new InventoryQuery(kind, environment, cluster, key, under));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Inventory_AnyHistory_AnswersAsTheModel() => await Gen
        .Select(Writes.Array[0, 40], Queries.Array[8], Gen.Int[0, 40])
        .SampleAsync(CheckAsync, iter: 60, threads: 1);

    private static async Task CheckAsync(Write[] history, InventoryQuery[] queries, int resume)
    {
        using var home = new TemporaryHome();
        using var database = home.Open();
        var store = new SqliteMachineStore(database, TimeProvider.System);
        var inventory = new SqliteInventory(database);
        var rows = new Dictionary<MachineAddress, VersionedRow>();
        var events = new List<(string Key, long Revision, string Message)>();
        for (var n = 1; n <= history.Length; n++)
        {
            var (address, phase, count) = history[n - 1];
            var state = Sample.State(address, n, phase);
            var messages = Enumerable.Range(0, count).Select(i => $"{n}.{i}").ToList();
            var etag = await store.WriteAsync(
                state, rows.GetValueOrDefault(address)?.Revision.ToString(), [.. messages.Select(Sample.Event)], Token);
            etag.Should().Be($"{n}");
            rows[address] = new VersionedRow(InventoryRow.From(state), n);
            events.AddRange(messages.Select(message => (address.Key, (long)n, message)));
        }

        foreach (var query in queries)
        {
            var expected = rows.Values.Where(row => Matches(query, row.Row)).ToList();
            var live = expected.Where(row => row.Row.Phase != Phase.Deleted).ToList();

            var page = await inventory.ListAsync(query, Token);
            page.Revision.Should().Be(history.Length);
            page.Rows.Should().Equal(live.OrderBy(row => row.Row.Address.Key, StringComparer.Ordinal).ThenBy(row => $"{row.Row.Address.Kind}"));
            (await ChangesAsync(inventory, query, 0)).Should().Equal(live.OrderBy(row => row.Revision));
            if (resume > 0 && resume <= history.Length)
            {
                (await ChangesAsync(inventory, query, resume)).Should().Equal(
                    expected.Where(row => row.Revision > resume).OrderBy(row => row.Revision));
            }
        }

        foreach (var key in new[] { "", "dev", "dev/demo" })
        {
            var told = await inventory.EventsAsync(key, EventCursor.After(resume), follow: false, Token).ToListAsync(Token);
            told.Select(e => (e.Address.Key, e.Revision, e.Event.Message)).Should().Equal(
                events.Where(e => e.Revision > resume && (key.Length == 0 || IsUnder(e.Key, key))));
        }
    }

    private static async Task<List<VersionedRow>> ChangesAsync(SqliteInventory inventory, InventoryQuery query, long after) =>
        await inventory.WatchAsync(query, after, Token)
            .TakeWhile(change => change.Row is not null)
            .Select(change => new VersionedRow(change.Row!, change.Revision))
            .ToListAsync(Token);

    private static bool Matches(InventoryQuery query, InventoryRow row) =>
        (query.Kind is null || row.Address.Kind == query.Kind)
        && (query.Environment is null || row.Address.Environment == query.Environment)
        && (query.Cluster is null || row.Address.Cluster == query.Cluster)
        && (query.Key is null || row.Address.Key == query.Key)
        && (query.Under is null || IsUnder(row.Address.Key, query.Under));

    private static bool IsUnder(string key, string under) =>
        key == under || key.StartsWith(under + "/", StringComparison.Ordinal) || key.StartsWith(under + "#", StringComparison.Ordinal);

    // Two times in three no restriction, so that restrictions meet often enough.
    private static Gen<string?> OneOf(params string[] values) => Of<string?>([.. values, .. new string?[values.Length * 2]]);

    private static Gen<T> Of<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(n => values[n]);

    private sealed record Write(MachineAddress Address, Phase Phase, int Events);
}
