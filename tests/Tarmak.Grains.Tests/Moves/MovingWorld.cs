using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
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
/// An environment on the simulator of which one thing is bound anew, by real drivers where there are some; everything else
/// is of the model cloud.
/// </summary>
internal abstract class MovingWorld : IInventory, IMachineStore, IProviders
{
    public static readonly MachineAddress Dev = MachineAddress.OfEnvironment("dev");
    private readonly string key;
    private EnvironmentDesired desired = new() { AuthorityCertificate = "-", AuthorityPin = "ab12" };
    private long generation;

    /// <param name="key">What is bound anew.</param>
    protected MovingWorld(string key)
    {
        this.key = key;
        World = new SimulatedWorld(1) { Tracing = false };
        World.Use(MachineKind.Environment, new EnvironmentPlanner());
        ModelCloud.Offer(World.Cloud);
        World.Cloud.Refuse = Drive;
    }

    public SimulatedWorld World { get; }

    public BindingOutputs? InForce =>
        World.StateOf(Dev.Capability(ResourceKinds.Binding, key))?.Outputs is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs) : null;

    /// <summary>Whether the last binding is what the environment wants.</summary>
    public bool IsAccepted => World.StateOf(Dev)!.Desired!.Generation == generation;

    /// <summary>The first place.</summary>
    public abstract Kept Old { get; }

    /// <summary>The other place.</summary>
    public abstract Kept New { get; }

    /// <summary>Kind of the machines that copy.</summary>
    public abstract string CopyKind { get; }

    /// <summary>Name of the copy at the other place.</summary>
    public abstract string CopyTitle { get; }

    /// <summary>What the sentence of a move that waits begins with.</summary>
    public abstract string What { get; }

    /// <summary>The real drivers, by the kinds of their objects.</summary>
    protected Dictionary<string, Func<StepCall, BoundDriver>> Drivers { get; } = new(StringComparer.Ordinal);

    /// <summary>The name of something that is kept.</summary>
    public abstract string NameOf(string word);

    /// <summary>What is kept, as everybody reads it.</summary>
    public abstract string? Read(string name);

    /// <summary>Creates or changes it, as everybody does.</summary>
    public abstract void Write(string name, string value);

    /// <summary>Deletes it, as everybody does.</summary>
    public abstract void Delete(string name);

    /// <summary>What is kept for the environment at a place.</summary>
    public abstract Dictionary<string, string> Owned(Kept place);

    /// <summary>Up, with so much that is kept.</summary>
    public virtual void Up(int values)
    {
        Bind(null);
        Settle();
        for (var i = 0; i < values; i++)
        {
            Write(NameOf($"c{i:D3}"), $"value {i}");
        }
    }

    public void Bind(string? provider)
    {
        var spec = new EnvironmentSpec
        {
            Provider = "old",
            Overrides = provider is null
                ? new Dictionary<string, CapabilityOverride>()
                : new Dictionary<string, CapabilityOverride> { [key] = new() { Provider = provider } },
        };
        desired = Acceptance.PutEnvironment(desired, spec, Quickstart.NoMarks, Quickstart.NoMarks, null).Desired!;
        World.Apply(Dev, "root", ++generation, DesiredJson.Write(desired));
    }

    public void Settle() => World.Run(within: TimeSpan.FromHours(1));

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

    public Task<IReadOnlyList<MachineAddress>> ListToWakeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult<IProvider>(name == "old" ? Old : New);

    /// <summary>The result of what answers at once.</summary>
    protected static T Done<T>(Task<T> task)
    {
        task.IsCompleted.Should().BeTrue("everything here answers at once");
        return task.GetAwaiter().GetResult();
    }

    protected static void Done(Task task)
    {
        task.IsCompleted.Should().BeTrue("everything here answers at once");
        task.GetAwaiter().GetResult();
    }

    private StepOutcome? Drive(StepCall call)
    {
        if (!Drivers.TryGetValue(call.Kind, out var driver))
        {
            return null;
        }

        try
        {
            return Done(driver(call).RunAsync(call, new ResourceCall
            {
                Marks = new OwnerMarks("test", "dev", null, call.Uid, call.Owner.Key),
                Name = ObjectNames.Of("test", call.Owner),
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
