namespace Tarmak.Machines.Simulation;

/// <summary>An object of the simulated cloud, with its past.</summary>
public sealed class SimulatedObject
{
    private readonly List<(DateTimeOffset At, string Parameters, bool Alive, bool Sound)> past = [];

    internal SimulatedObject(string id, string kind, MachineAddress owner, string uid, int incarnation, string parameters, DateTimeOffset now, DateTimeOffset madeAt)
    {
        Id = id;
        Kind = kind;
        Owner = owner;
        Uid = uid;
        Incarnation = incarnation;
        MadeAt = madeAt;
        past.Add((now, parameters, true, true));
    }

    /// <summary>The provider's id.</summary>
    public string Id { get; }

    /// <summary>Its resource kind.</summary>
    public string Kind { get; }

    /// <summary>The machine that made it.</summary>
    public MachineAddress Owner { get; }

    /// <summary>Identity of that machine.</summary>
    public string Uid { get; }

    /// <summary>Its place in the line of replacements.</summary>
    public int Incarnation { get; internal set; }

    /// <summary>When it is fully made.</summary>
    public DateTimeOffset MadeAt { get; }

    /// <summary>When it will be unmade; null: it stays.</summary>
    public DateTimeOffset? GoneAt { get; internal set; }

    /// <summary>Its parameters.</summary>
    public string Parameters => past[^1].Parameters;

    /// <summary>Whether it is there.</summary>
    public bool Alive => past[^1].Alive;

    /// <summary>Whether nobody disturbed it.</summary>
    public bool Sound => past[^1].Sound;

    internal void Become(DateTimeOffset now, string parameters, bool alive, bool sound) => past.Add((now, parameters, alive, sound));

    /// <summary>What a reader sees who sees the world as it was.</summary>
    internal (bool Exists, string Parameters, bool Sound) At(DateTimeOffset time)
    {
        var seen = past.LastOrDefault(p => p.At <= time);
        return (seen.Alive, seen.Parameters ?? "", seen.Sound && time >= MadeAt && GoneAt is null);
    }
}
