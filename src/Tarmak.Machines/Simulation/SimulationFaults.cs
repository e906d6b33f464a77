namespace Tarmak.Machines.Simulation;

/// <summary>What goes wrong in a simulated world, and for how long. Chances are from 0 to 1, each taken anew every time.</summary>
public sealed record SimulationFaults
{
    /// <summary>A world in which nothing goes wrong by itself.</summary>
    public static SimulationFaults None { get; } = new();

    /// <summary>Chances apply until this much time has passed; then the world is kind, so that it can settle.</summary>
    public TimeSpan Until { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>That a child's report, or a nudge, is lost.</summary>
    public double HintLoss { get; init; }

    /// <summary>That a child's report, or a nudge, comes twice.</summary>
    public double HintDuplication { get; init; }

    /// <summary>That a command to a child is lost on its way.</summary>
    public double CommandLoss { get; init; }

    /// <summary>That a command to a child comes a second time, up to <see cref="LateBy"/> later.</summary>
    public double CommandDuplication { get; init; }

    /// <summary>That a child's answer to a command is lost.</summary>
    public double AnswerLoss { get; init; }

    /// <summary>How late a command's second copy may be.</summary>
    public TimeSpan LateBy { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>That an input reaches a second activation beside the first.</summary>
    public double DuplicateActivation { get; init; }

    /// <summary>That a machine is woken for nothing after an input.</summary>
    public double NeedlessWake { get; init; }

    /// <summary>That an activation stalls between a commit and the call that follows.</summary>
    public double Stall { get; init; }

    /// <summary>That an activation dies at a point; see <see cref="SimulatedWorld.Points"/>.</summary>
    public double Death { get; init; }

    /// <summary>That a whole process dies at a point.</summary>
    public double ProcessDeath { get; init; }

    /// <summary>That a call to the cloud is lost on its way.</summary>
    public double CallLoss { get; init; }

    /// <summary>That the reply of a call that took effect is lost.</summary>
    public double ReplyLoss { get; init; }

    /// <summary>That a call fails before it does anything.</summary>
    public double CallFailure { get; init; }

    /// <summary>That a call fails after it took effect.</summary>
    public double LateFailure { get; init; }

    /// <summary>That a call that takes effect is slow, up to the call deadline.</summary>
    public double SlowCall { get; init; }

    /// <summary>That a read sees the past, up to the visibility bound.</summary>
    public double StaleRead { get; init; }

    /// <summary>A bit of everything.</summary>
    /// <param name="chance">The chance of each.</param>
    /// <returns>The faults.</returns>
    public static SimulationFaults Everything(double chance) => new()
    {
        HintLoss = chance * 2,
        HintDuplication = chance,
        CommandLoss = chance,
        CommandDuplication = chance,
        AnswerLoss = chance,
        DuplicateActivation = chance,
        NeedlessWake = chance,
        Stall = chance,
        Death = chance / 2,
        ProcessDeath = chance / 20,
        CallLoss = chance,
        ReplyLoss = chance,
        CallFailure = chance,
        LateFailure = chance,
        SlowCall = chance,
        StaleRead = 0.5,
    };
}
