using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Agents;

/// <summary>A database with one instance, whose capabilities are recorded as a test has them.</summary>
internal sealed class RecordedInstance : IDisposable
{
    public const string Key = "dev/demo/etcd/0";
    public const string Uid = "uid-etcd-0";

    private readonly TemporaryHome _home = new();
    private readonly SqliteMachineStore _store;

    public RecordedInstance()
    {
        Database = _home.Open();
        Inventory = new SqliteInventory(Database);
        _store = new SqliteMachineStore(Database, TimeProvider.System);
    }

    public EngineDatabase Database { get; }

    public SqliteInventory Inventory { get; }

    /// <summary>Commits one of its capabilities that the engine itself serves.</summary>
    /// <returns>What the next commit must name.</returns>
    public Task<string> StoreAsync(string kind, string spec, Phase phase, string? etag = null, string? outputs = null)
    {
        var state = Sample.State(new MachineAddress(MachineKind.Capability, $"{Key}#{kind}/main"), phase: phase);
        return _store.WriteAsync(
            state with
            {
                Desired = state.Desired! with { Spec = spec, Deleting = phase == Phase.Deleting },
                Outputs = outputs,
                Resource = new ResourceLedger { Provider = EngineProvider.Name },
            },
            etag,
            Sample.NoEvents,
            TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Database.Dispose();
        _home.Dispose();
    }
}
