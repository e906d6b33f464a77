using System.Collections.Immutable;

namespace Tarmak.Machines.Planning;

/// <summary>One wanted child.</summary>
public sealed record PlanNode
{
    /// <summary>Where it is.</summary>
    public required MachineAddress Address { get; init; }

    /// <summary>Its name among its parent's children: the part of its key behind the parent's.</summary>
    public required string Name { get; init; }

    /// <summary>Of a capability: the bound provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Its specification as JSON; null while something it depends on is not ready.</summary>
    public string? Spec { get; init; }

    /// <summary>Names of the children it depends on.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>Whether a changed specification has to wait; the child keeps the one it has.</summary>
    public bool Hold { get; init; }

    /// <summary>Tells the child from an earlier one of its name; the earlier one goes first.</summary>
    public long Life { get; init; }

    /// <summary>Whether the parent is ready only when this child is.</summary>
    public bool Counts { get; init; } = true;
}
