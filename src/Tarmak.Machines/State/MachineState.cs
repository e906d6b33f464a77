using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tarmak.Machines.State;

/// <summary>The whole durable state of one machine. It is data; every decision about it is in a pure function.</summary>
public sealed record MachineState
{
    /// <summary>Version of this record's shape. States of every released version load.</summary>
    public const int CurrentSchema = 1;

    private static readonly ImmutableSortedDictionary<string, ChildRecord> NoChildren =
        ImmutableSortedDictionary.Create<string, ChildRecord>(StringComparer.Ordinal);

    /// <summary>The version the state was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Where the machine is.</summary>
    public required MachineAddress Address { get; init; }

    /// <summary>Identity; null until the first specification arrives.</summary>
    public string? Uid { get; init; }

    /// <summary>Who owns it; null for an environment.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>What is wanted; null until the first specification arrives.</summary>
    public Desired? Desired { get; init; }

    /// <summary>The newest generation that is fully in force.</summary>
    public long ObservedGeneration { get; init; }

    /// <summary>The phase.</summary>
    public Phase Phase { get; init; } = Phase.Pending;

    /// <summary>When the phase began.</summary>
    public DateTimeOffset PhaseSince { get; init; }

    /// <summary>When this identity was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it was ever ready; tells Provisioning from Updating and Degraded.</summary>
    public bool EverReady { get; init; }

    /// <summary>The condition that matters; null when there is nothing to say.</summary>
    public Condition? Condition { get; init; }

    /// <summary>Outputs as JSON, once known.</summary>
    public string? Outputs { get; init; }

    /// <summary>Rises with each change that a parent or a reader would see.</summary>
    public long Revision { get; init; }

    /// <summary>Failed attempts in a row, for the back-off.</summary>
    public int Attempts { get; init; }

    /// <summary>Nothing is tried before this time; null: now.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Of a capability: its object.</summary>
    public ResourceLedger? Resource { get; init; }

    /// <summary>Of the other kinds: their children, by name.</summary>
    public ImmutableSortedDictionary<string, ChildRecord> Children
    {
        get;

        // Generated readers set what the text leaves out to null, and know no comparer.
        init => field = (value ?? NoChildren).WithComparers(StringComparer.Ordinal);
    }
    = NoChildren;

    /// <summary>
    /// The revision since which something changed while the parent believed this machine ready, and the parent has
    /// not shown that it knows. A parent that believes all is ready asks no one, so it is told until it answers. Null:
    /// it knows, or will ask.
    /// </summary>
    public long? UnheardSince { get; init; }

    /// <summary>Place of this identity in the line of all that its owner ever gave; see <see cref="Messages.MachineInput.Apply.Birth"/>.</summary>
    public long Birth { get; init; }

    /// <summary>Identities given to children so far, under this and all earlier identities of this machine.</summary>
    public long Births { get; init; }

    /// <summary>W3C trace context of the command that began the current generation, for linked spans.</summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// Whether nothing follows unless something happens. A host that restarts has to wake every machine that is not
    /// at rest, and no other.
    /// </summary>
    [JsonIgnore]
    public bool AtRest => Uid is null || Phase == Phase.Deleted || (UnheardSince is null && (Resource is { } ledger
        ? ledger is { Intent: null, CheckDue: false, RecheckAt: null } && (Phase == Phase.Ready || Condition?.Reason == Condition.ConsentNeeded)
        : Phase == Phase.Paused || (Phase == Phase.Ready && Children.Values.All(c => c.AtRest))));

    /// <summary>What a parent is told.</summary>
    /// <returns>The status.</returns>
    public ChildStatus ToStatus() =>
        new(Address, Uid ?? "", Revision, Desired?.Generation ?? 0, Desired?.SpecHash ?? "", Phase, Condition, Outputs) { Unheard = UnheardSince is not null };
}
