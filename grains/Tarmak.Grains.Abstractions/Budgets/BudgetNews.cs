namespace Tarmak.Grains.Abstractions.Budgets;

/// <summary>What a process tells a budget.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.budget-news")]
public sealed record BudgetNews
{
    /// <summary>The process; what it waits for goes with it.</summary>
    [Id(0)]
    public required string Holder { get; init; }

    /// <summary>The activation that these are news for; another one has to hear everything.</summary>
    [Id(1)]
    public string? Epoch { get; init; }

    /// <summary>Whether this is everything the process waits for, and not only what has changed.</summary>
    [Id(2)]
    public bool IsWhole { get; init; }

    /// <summary>Calls at once after a rest, as the provider's sheet declares; null: nothing is declared.</summary>
    [Id(3)]
    public double? DeclaredBurst { get; init; }

    /// <summary>Calls a second, as the provider's sheet declares; null: nothing is declared.</summary>
    [Id(4)]
    public double? DeclaredPerSecond { get; init; }

    /// <summary>Calls it waits to make.</summary>
    [Id(5)]
    public BudgetAsk[] Asks { get; init; } = [];

    /// <summary>Tickets of calls it does not want any more.</summary>
    [Id(6)]
    public long[] Withdrawn { get; init; } = [];

    /// <summary>What became of leases.</summary>
    [Id(7)]
    public LeaseEnd[] Ended { get; init; } = [];

    /// <summary>Calls it made without a lease in a recent second, where no limit was known and one of them was refused; null: none was.</summary>
    [Id(8)]
    public double? RefusedAt { get; init; }
}

/// <summary>A call that waits.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.budget-ask")]
public sealed record BudgetAsk
{
    /// <summary>Its number with the process.</summary>
    [Id(0)]
    public required long Ticket { get; init; }

    /// <summary>The provider.</summary>
    [Id(1)]
    public required string Provider { get; init; }

    /// <summary>The resource kind; empty: a page of a list.</summary>
    [Id(2)]
    public required string Kind { get; init; }

    /// <summary>Whether it only looks.</summary>
    [Id(3)]
    public bool Reads { get; init; }

    /// <summary>How urgent it is, by name.</summary>
    [Id(4)]
    public required string Class { get; init; }

    /// <summary>For which environment.</summary>
    [Id(5)]
    public required string Environment { get; init; }

    /// <summary>What tells a look that answers others as well.</summary>
    [Id(6)]
    public string? SharedAs { get; init; }
}

/// <summary>What became of a lease.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.lease-end")]
public sealed record LeaseEnd
{
    /// <summary>The lease.</summary>
    [Id(0)]
    public required long Lease { get; init; }

    /// <summary>How it ended, by name.</summary>
    [Id(1)]
    public required string End { get; init; }
}
