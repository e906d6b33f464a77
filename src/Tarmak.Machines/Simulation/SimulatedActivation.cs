using System.Collections.Immutable;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Machines.Simulation;

/// <summary>One activation of a machine in a simulated world, and its host.</summary>
internal sealed class SimulatedActivation : IMachineHost
{
    private readonly SimulatedWorld world;
    private SimulatedLease? held;
    private SimulatedLease? admitted;
    private (CallAsk Ask, BudgetTicket Ticket)? waiting;

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

    public bool Dead { get; private set; }

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
        var lease = admitted;
        admitted = null;
        world.Start(this, effect, lease);
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

    public bool Admit(CallAsk ask)
    {
        if (world.Budgets is not { } budgets)
        {
            return true;
        }

        if (held is { } lease && lease.Ask.Serves(ask))
        {
            (held, admitted) = (null, lease);
            return true;
        }

        return (admitted = budgets.TryTake(ask)) is not null;
    }

    public void Await(CallAsk? ask)
    {
        if (waiting?.Ask == ask)
        {
            return;
        }

        if (waiting is { } present)
        {
            waiting = null;
            world.Budgets!.Withdraw(present.Ask, present.Ticket);
        }

        if (ask is not null)
        {
            waiting = (ask, world.Budgets!.Wait(ask, Admitted));
        }
    }

    public void Ended() => Outstanding = null;

    /// <summary>Who dies waits no more.</summary>
    public void Die()
    {
        Dead = true;
        Await(null);
    }

    private void Admitted(SimulatedLease lease)
    {
        (waiting, held) = (null, lease);
        world.Handle(this, new MachineInput.Admitted());
        if (held is not null)
        {
            // It was wanted no more.
            held = null;
            world.Budgets!.End(lease, CallEnd.NotSent);
        }
    }

    public override string ToString() => $"{Address.Key}({Number})";
}
