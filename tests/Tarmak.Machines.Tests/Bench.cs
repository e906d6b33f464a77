using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Tests;

/// <summary>One machine's decisions by hand: input in, transition out, state kept through its JSON.</summary>
internal sealed class Bench(IMachineLogic logic, MachineAddress address)
{
    private long lastCall;
    private int lastUid;
    private DateTimeOffset waitsSince;

    public DateTimeOffset Now { get; set; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public MachineState State { get; set; } = new() { Address = address };

    public Effect? Outstanding { get; private set; }

    public Transition Last { get; private set; } = null!;

    public List<string> Events { get; } = [];

    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>Whether the account's budget allows a call.</summary>
    public Func<CallAsk, bool> Admits { get; set; } = static _ => true;

    /// <summary>The call it waits to be allowed.</summary>
    public CallAsk? Waits { get; private set; }

    public StepCall Call => ((Effect.Drive)Outstanding!).Call;

    public IReadOnlyList<ChildCommand> Commands => ((Effect.TellChildren)Outstanding!).Commands;

    public Transition Give(MachineInput input)
    {
        if (input is MachineInput.StepEnded or MachineInput.ChildrenAnswered)
        {
            Outstanding = null;
        }

        var moment = new Moment(Now, Outstanding is not null, lastCall + 1, 0, () => $"c{++lastUid}")
        {
            WakeAt = WakeAt,
            Admits = Admits,
            Waits = Waits,
            WaitsSince = waitsSince,
        };
        Last = logic.Handle(State, input, moment);
        State = MachineJson.Read(MachineJson.Write(Last.State));
        WakeAt = Last.WakeAt;
        (Waits, waitsSince) = (Last.Waits, Last.Waits == Waits ? waitsSince : Now);
        Events.AddRange(Last.Events.Select(e => e.Reason));
        if (Last.Effect is { } effect)
        {
            Outstanding.Should().BeNull("a machine has one call outstanding at most");
            Outstanding = effect;
            lastCall = effect.CallId;
        }

        return Last;
    }

    public Transition Apply(string spec, long generation = 1, string uid = "u1") =>
        Give(new MachineInput.Apply(uid, null, generation, spec, address.Kind == MachineKind.Capability ? "cloud" : null, null));

    public Transition Delete(bool consent = false, string uid = "u1") => Give(new MachineInput.Delete(uid, consent));

    public Transition End(StepOutcome outcome) => Give(new MachineInput.StepEnded(Call, outcome));

    public Transition Made(string id = "o1") => End(new StepOutcome.Succeeded(Observation.Present(id, $"out-{id}")));

    public Transition Fail(ErrorClass error, string message = "It failed.") => End(new StepOutcome.Failed(error, message));

    public Transition Lose() => End(new StepOutcome.Unknown("no reply"));

    public Transition Absent() => End(new StepOutcome.Succeeded(Observation.Absent));

    public Transition Wake() => Give(new MachineInput.Woken());

    /// <summary>Time passes until the machine wants to be woken, and it is.</summary>
    public Transition Later()
    {
        Now = WakeAt ?? throw new InvalidOperationException("It does not want to be woken.");
        WakeAt = null;
        return Wake();
    }

    /// <summary>The activation dies; another one loads the state and is woken.</summary>
    public Transition Die()
    {
        Outstanding = null;
        WakeAt = null;
        Waits = null;
        return Wake();
    }

    public Transition Answer(params ChildStatus[] statuses) => Give(new MachineInput.ChildrenAnswered(Outstanding!.CallId, [.. statuses]));

    public Transition Hear(ChildStatus status) => Give(new MachineInput.ChildReported(status));

    /// <summary>A child's status, as if it had taken what its parent last recorded.</summary>
    public ChildStatus Child(string name, Phase phase, long revision, string? outputs = null, Condition? condition = null) =>
        State.Children[name] is { } child
            ? new ChildStatus(child.Address, child.Uid, revision, child.Generation, child.SpecHash, phase, condition, outputs)
            : throw new InvalidOperationException(name);
}
