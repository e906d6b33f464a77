using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tarmak.Machines.State;

/// <summary>What a parent knows of one child. It is committed before the child first hears of it.</summary>
public sealed record ChildRecord
{
    /// <summary>Where the child is.</summary>
    public required MachineAddress Address { get; init; }

    /// <summary>Identity the parent gave it; a name used again gets another.</summary>
    public required string Uid { get; init; }

    /// <summary>Provider a capability is bound to; null for other children.</summary>
    public string? Provider { get; init; }

    /// <summary>Hash of the specification last given to it.</summary>
    public required string SpecHash { get; init; }

    /// <summary>Generation last given to it; rises with each changed specification.</summary>
    public required long Generation { get; init; }

    /// <summary>Names of the children it depends on; deletion runs against them.</summary>
    public ImmutableArray<string> DependsOn
    {
        get;
        init => field = value.IsDefault ? [] : value;
    }
    = [];

    /// <summary>Place of the identity in the line of all that the parent ever gave.</summary>
    public long Birth { get; init; }

    /// <summary>Tells it from a later one of its name, see <see cref="Planning.PlanNode.Life"/>.</summary>
    public long Life { get; init; }

    /// <summary>Whether it was told to delete itself.</summary>
    public bool Deleting { get; init; }

    /// <summary>Whether the deletion may lose data.</summary>
    public bool DataLossConsent { get; init; }

    /// <summary>The child's newest report; null before the first.</summary>
    public ChildStatus? Status { get; init; }

    /// <summary>Whether nothing is expected of it: it is ready with what it was last given, or left as it is on its owner's wish.</summary>
    [JsonIgnore]
    public bool AtRest => this is { Deleting: false, Status: { Phase: Phase.Ready or Phase.Paused } status } && status.Generation == Generation;
}
