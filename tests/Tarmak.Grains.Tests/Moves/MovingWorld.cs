using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Messages;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Machines.Tests.Rehearsal;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;
using StoredMachine = Tarmak.Grains.Storage.StoredMachine;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>
/// An environment on the simulator whose secrets are kept by real drivers in two vaults; everything else is of the model
/// cloud.
/// </summary>
internal sealed class MovingWorld : IInventory, IMachineStore, IProviders
{
    public static readonly MachineAddress Dev = MachineAddress.OfEnvironment("dev");
    public static readonly MachineAddress Binding = Dev.Capability(ResourceKinds.Binding, CapabilityNames.SecretStore);
    private readonly Dictionary<string, BoundDriver> drivers;
    private EnvironmentDesired desired = new() { AuthorityCertificate = "-", AuthorityPin = "ab12" };
    private long generation;

    public MovingWorld(bool oneVault = false)
    {
        New = oneVault ? Old : new Vault();
        World = new SimulatedWorld(1) { Tracing = false };
        World.Use(MachineKind.Environment, new EnvironmentPlanner());
        ModelCloud.Offer(World.Cloud);
        var places = new SecretPlaces(this);
        var copies = new SecretCopyDriver(places, this);
        drivers = new Dictionary<string, BoundDriver>
        {
            [ResourceKinds.SecretCopy] = BoundDriver.Of(copies),
            [ResourceKinds.Binding] = BoundDriver.Of(new BindingDriver(this, this, copies, new InstallationIdentity("test", "/nowhere"))),
        };
        World.Cloud.Refuse = Drive;
        Store = new EnvironmentStores(places, this).SecretsAsync;
    }

    public SimulatedWorld World { get; }

    public Vault Old { get; } = new();

    public Vault New { get; }

    /// <summary>The environment's secret store, as everybody uses it.</summary>
    public Func<string, CancellationToken, ValueTask<ISecretStore>> Store { get; }

    public BindingOutputs? InForce => World.StateOf(Binding)?.Outputs is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs) : null;

    public void Bind(string? provider)
    {
        var spec = new EnvironmentSpec
        {
            Provider = "old",
            Overrides = provider is null
                ? new Dictionary<string, CapabilityOverride>()
                : new Dictionary<string, CapabilityOverride> { [CapabilityNames.SecretStore] = new() { Provider = provider } },
        };
        desired = Acceptance.PutEnvironment(desired, spec, Quickstart.NoMarks, Quickstart.NoMarks, null).Desired!;
        World.Apply(Dev, "root", ++generation, DesiredJson.Write(desired));
    }

    /// <summary>Whether the last binding is what the environment wants.</summary>
    public bool IsAccepted => World.StateOf(Dev)!.Desired!.Generation == generation;

    public void Settle() => World.Run(within: TimeSpan.FromHours(1));

    /// <summary>Up, with so many secrets of the environment and one of another.</summary>
    public MovingWorld Up(int secrets)
    {
        Bind(null);
        Settle();
        for (var i = 0; i < secrets; i++)
        {
            Create(Name(i), $"key {i}");
        }

        Old.CreateIfAbsentAsync("authorities/devil/demo/etcd", Encoding.UTF8.GetBytes("another's"), CancellationToken.None).GetAwaiter().GetResult();
        return this;
    }

    public static string Name(int i) => AgentPlaces.Authority("dev", $"c{i:D3}", "etcd");

    public string Create(string name, string value)
    {
        var stored = Done(Open().CreateIfAbsentAsync(name, Encoding.UTF8.GetBytes(value), CancellationToken.None));
        return Encoding.UTF8.GetString(stored.Value.Span);
    }

    public string? Read(string name) => Done(Open().GetAsync(name, CancellationToken.None)) is { } stored ? Encoding.UTF8.GetString(stored.Value.Span) : null;

    public bool Set(string name, string value) => Done(SetAsync(name, value));

    public void Delete(string name) => Done(DeleteAsync(name));

    public Task<InventoryPage> ListAsync(InventoryQuery query, CancellationToken cancellationToken) => Task.FromResult(new InventoryPage(
        [.. World.Machines.Values.Where(m => m.State.Phase != Phase.Deleted && query.Matches(m.State.Address)).Select(m => new VersionedRow(m.Row, m.ETag))], 1));

    public async IAsyncEnumerable<InventoryChange> WatchAsync(InventoryQuery query, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public async IAsyncEnumerable<RecordedEvent> EventsAsync(string key, EventCursor after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public Task<StoredMachine?> ReadAsync(MachineAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(World.StateOf(address) is { } state ? new StoredMachine(state, "1") : null);

    public Task<string> WriteAsync(MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<string> WriteAsync(
        MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, AnsweredRequest? answered, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<MachineAddress>> ListRestlessAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<IProvider>(name == "old" ? Old : New);

    private static T Done<T>(Task<T> task)
    {
        task.IsCompleted.Should().BeTrue("everything here answers at once");
        return task.GetAwaiter().GetResult();
    }

    private async Task<bool> SetAsync(string name, string value)
    {
        var store = Open();
        var present = await store.GetAsync(name, CancellationToken.None);
        return await store.CompareAndSetAsync(name, Encoding.UTF8.GetBytes(value), present!.Version, CancellationToken.None) is not null;
    }

    private async Task<bool> DeleteAsync(string name)
    {
        await Open().DeleteAsync(name, CancellationToken.None);
        return true;
    }

    private ISecretStore Open() => Done(Store("dev", CancellationToken.None).AsTask());

    private StepOutcome? Drive(StepCall call)
    {
        if (!drivers.TryGetValue(call.Kind, out var driver))
        {
            return null;
        }

        try
        {
            return Done(driver.RunAsync(call, new ResourceCall
            {
                Marks = new OwnerMarks("test", "dev", null, call.Uid, call.Owner.Key),
                Name = "name",
                Incarnation = call.Incarnation,
                Token = call.Token,
                ObjectId = call.ObjectId,
                Handle = call.Handle,
            }, CancellationToken.None));
        }
        catch (DeathException)
        {
            return new StepOutcome.Unknown("The engine died in the middle.");
        }
    }
}

/// <summary>The engine dies in the middle of a driver's work.</summary>
internal sealed class DeathException : Exception;
