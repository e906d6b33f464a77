namespace Tarmak.Grains.Abstractions.Budgets;

/// <summary>What a budget answers.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.budget-answer")]
public sealed record BudgetAnswer
{
    /// <summary>The activation that answers.</summary>
    [Id(0)]
    public required string Epoch { get; init; }

    /// <summary>Whether the news were for another activation: nothing was taken, and everything is to be told.</summary>
    [Id(1)]
    public bool IsStranger { get; init; }

    /// <summary>Leases for the process.</summary>
    [Id(2)]
    public LeaseGiven[] Given { get; init; } = [];

    /// <summary>Calls a second that are allowed now; null: no limit is known, and calls need no lease.</summary>
    [Id(3)]
    public double? PerSecond { get; init; }

    /// <summary>When there is something to give again to who waits; null: nobody waits.</summary>
    [Id(4)]
    public TimeSpan? NextAfter { get; init; }
}

/// <summary>A lease.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.lease")]
public sealed record LeaseGiven
{
    /// <summary>Its number.</summary>
    [Id(0)]
    public required long Lease { get; init; }

    /// <summary>The tickets that have it.</summary>
    [Id(1)]
    public required long[] Tickets { get; init; }
}
