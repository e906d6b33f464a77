using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Simulation;

/// <summary>One resource kind of the simulated cloud.</summary>
public sealed record SimulatedKind
{
    /// <summary>What its driver declares.</summary>
    public required ResourceTraits Traits { get; init; }

    /// <summary>Makes an object's outputs from its id and parameters.</summary>
    public required Func<string, string, string> Outputs { get; init; }

    /// <summary>Gives the ids of the objects that parameters name; none of them may be deleted before it.</summary>
    public Func<string, IEnumerable<string>> References { get; init; } = _ => [];

    /// <summary>Whether an object's id is its name, so that each incarnation has the same.</summary>
    public bool NamedIds { get; init; }

    /// <summary>Least time of a call.</summary>
    public TimeSpan Fastest { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Usual greatest time of a call.</summary>
    public TimeSpan Slowest { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>How long an object is in the making after the call that creates it; zero: the call waits for it.</summary>
    public TimeSpan Making { get; init; } = TimeSpan.Zero;

    /// <summary>How long an object is in the unmaking; zero: the call waits for it.</summary>
    public TimeSpan Unmaking { get; init; } = TimeSpan.Zero;
}
