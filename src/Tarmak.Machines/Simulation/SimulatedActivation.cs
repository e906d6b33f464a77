using System.Collections.Immutable;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Machines.Simulation;

/// <summary>One activation of a machine in a simulated world, and its host.</summary>
internal sealed class SimulatedActivation : IMachineHost
{
    private readonly SimulatedWorld world;

    public SimulatedActivation(SimulatedWorld world, MachineAddress address, int number, MachineState state, long etag, IMachineLogic logic)
    {
        this.world = world;
        Address = address;
        Number = number;
        ETag = etag;
        Runtime = new MachineRuntime(state, logic, this, world.Clock, world.NextChance, world.NewUid);
    }

    public MachineAddress Address { get; }

    public int Number { get; }

    public MachineRuntime Runtime { get; }

    /// <summary>Of the state this activation loaded or wrote last.</summary>
    public long ETag { get; set; }

    public bool Dead { get; set; }

    /// <summary>Tells a wake-up that was replaced from the one that stands.</summary>
    public int Wish { get; private set; }

    public long? Outstanding { get; private set; }

    public Task CommitAsync(MachineState state, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken)
    {
        world.Commit(this, state, events);
        return Task.CompletedTask;
    }

    public void Start(Effect effect)
    {
        if (Outstanding is not null)
        {
            world.Violate($"{Address} starts a call while another is outstanding");
        }

        Outstanding = effect.CallId;
        world.Start(this, effect);
    }

    public void Report(ParentLink parent, ChildStatus status) => world.Report(parent, status);

    public void WakeAt(DateTimeOffset? at)
    {
        Wish++;
        if (at is { } time)
        {
            world.WakeLater(this, time, Wish);
        }
    }

    public void Ended() => Outstanding = null;

    public override string ToString() => $"{Address.Key}({Number})";
}
