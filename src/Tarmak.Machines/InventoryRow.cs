using Tarmak.Machines.State;

namespace Tarmak.Machines;

/// <summary>One row of the inventory, derived from a state and committed with it; lists and watches read nothing else.</summary>
public sealed record InventoryRow
{
    /// <summary>The machine.</summary>
    public required MachineAddress Address { get; init; }

    /// <summary>Its identity.</summary>
    public required string Uid { get; init; }

    /// <summary>Its owner's address; null for an environment.</summary>
    public MachineAddress? Parent { get; init; }

    /// <summary>Wanted generation.</summary>
    public required long Generation { get; init; }

    /// <summary>Generation in force.</summary>
    public required long ObservedGeneration { get; init; }

    /// <summary>Phase.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Whether it is to be deleted; the phase need not say so, for a deletion may be blocked.</summary>
    public bool Deleting { get; init; }

    /// <summary>When the phase began.</summary>
    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>When the identity was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The condition that matters.</summary>
    public Condition? Condition { get; init; }

    /// <summary>Specification as JSON.</summary>
    public required string Spec { get; init; }

    /// <summary>Outputs as JSON.</summary>
    public string? Outputs { get; init; }

    /// <summary>Of a capability: the provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Of a capability: the provider's id of its object.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Children that are ready.</summary>
    public int Ready { get; init; }

    /// <summary>Children there are.</summary>
    public int Total { get; init; }

    /// <summary>Derives the row of a state.</summary>
    /// <param name="state">A state that has an identity.</param>
    /// <returns>The row.</returns>
    public static InventoryRow From(MachineState state) => new()
    {
        Address = state.Address,
        Uid = state.Uid ?? "",
        Parent = state.Parent?.Address,
        Generation = state.Desired?.Generation ?? 0,
        ObservedGeneration = state.ObservedGeneration,
        Phase = state.Phase,
        Deleting = state.Desired?.Deleting ?? false,
        PhaseSince = state.PhaseSince,
        CreatedAt = state.CreatedAt,
        Condition = state.Condition,
        Spec = state.Desired?.Spec ?? "{}",
        Outputs = state.Outputs,
        Provider = state.Resource?.Provider,
        ObjectId = state.Resource?.Object?.ObjectId,
        Ready = state.Children.Values.Count(c => c.Status?.Phase == Phase.Ready),
        Total = state.Children.Count,
    };
}
