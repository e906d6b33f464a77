using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Exports;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Moves;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Machines.Tests.Rehearsal;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Tests.Exports;

/// <summary>A home with an environment of two clusters in its database, exported into buckets that outlive it.</summary>
internal sealed class ExportedHome : IProviders, IDisposable
{
    public const string Installation = "0123456789ab";
    public const string Bucket = "state-bucket";
    public static readonly MachineAddress Dev = MachineAddress.OfEnvironment("dev");

    private readonly TemporaryHome home = new();
    private readonly SqliteMachineStore machines;
    private readonly Dictionary<MachineAddress, string> etags = [];
    private long generation;

    public ExportedHome(Buckets? buckets = null, RecoveryKey? key = null)
    {
        Buckets = buckets ?? new Buckets();
        Key = key ?? RecoveryKey.Create(Installation);
        Database = home.Open();
        machines = new SqliteMachineStore(Database, Time);
        Agents = new SqliteAgentDirectory(Database);
        Services = new ExportServices(
            new ExportStore(Database, Time), new StoragePlaces(new SqliteInventory(Database)), this, new EngineSecrets(Secrets), Key,
            new InstallationIdentity(Installation, home.Path), Time);
        Restart();
    }

    public FakeTimeProvider Time { get; } = new(Sample.Noon);

    public Buckets Buckets { get; }

    public RecoveryKey Key { get; }

    public Vault Secrets { get; } = new();

    public EngineDatabase Database { get; }

    public SqliteAgentDirectory Agents { get; }

    public ExportServices Services { get; }

    public EnvironmentExport Export { get; private set; } = null!;

    /// <summary>Keys of the parts that are stored, without what comes before the cluster's name.</summary>
    public IEnumerable<string> Parts => Buckets.Keys.Where(k => k.Contains("/parts/", StringComparison.Ordinal)).Select(k => k.Split("/parts/")[1]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What a process knows goes; what it wrote stays.</summary>
    public void Restart() => Export = new EnvironmentExport("dev", Services);

    /// <summary>An environment whose state bucket is there, with clusters of one machine each.</summary>
    public async Task<ExportedHome> FillAsync(params string[] clusters)
    {
        var spec = DesiredJson.Write(new EnvironmentDesired { Environment = new Declared<EnvironmentSpec>(1, new EnvironmentSpec { Provider = "cloud", Overrides = new Dictionary<string, CapabilityOverride> { ["secretStore"] = new() { Provider = "vault" } } }, Quickstart.NoMarks, Quickstart.NoMarks) });
        await WriteAsync(State(Dev) with { Desired = new Desired(1, spec, "h", false, false) });
        await WriteAsync(State(Dev.Capability(ResourceKinds.Bucket, "state"), Phase.Ready) with
        {
            Outputs = ResourceJson.Write(new BucketOutputs(Bucket)),
            Resource = new ResourceLedger { Provider = "cloud", Object = new ResourceObject(Bucket, true, "{}", "h", Sample.Noon) },
        });
        foreach (var cluster in clusters)
        {
            await ChangeAsync(cluster);
        }

        return this;
    }

    /// <summary>Commits a change of a cluster's machine.</summary>
    public async Task ChangeAsync(string cluster) => await WriteAsync(State(MachineAddress.OfCluster("dev", cluster)));

    public async Task WriteAsync(MachineState state) =>
        etags[state.Address] = await machines.WriteAsync(state, etags.GetValueOrDefault(state.Address), Sample.NoEvents, Token);

    public async Task<ExportIndex?> WriteAsync(params string?[] changed) => await Export.WriteAsync(changed.Length == 0 ? null : changed, Token);

    public Task<StoredMachine?> ReadAsync(MachineAddress address) => machines.ReadAsync(address, Token);

    public Task<EnvironmentRecord> ReadExportAsync() => new ExportReader(Key).ReadAsync("dev", Buckets, "cloud", Bucket, Token);

    public ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<IProvider>(Buckets);

    public void Dispose()
    {
        Database.Dispose();
        home.Dispose();
    }

    private MachineState State(MachineAddress address, Phase phase = Phase.Pending) => Sample.State(address, ++generation, phase);
}
