using System.Collections.Immutable;

namespace Tarmak.Providers.Requirements;

/// <summary>One capability as a provider offers it.</summary>
/// <param name="Capability">Its name in manifests.</param>
public record CapabilitySheet(string Capability)
{
    /// <summary>The kinds of object it drives.</summary>
    public ImmutableArray<ObjectSheet> Objects { get; init; } = [];

    /// <summary>What it needs.</summary>
    public ImmutableArray<Requirement> Requirements { get; init; } = [];

    /// <summary>What it cannot do though one might expect it, a sentence each.</summary>
    public ImmutableArray<string> Limitations { get; init; } = [];

    /// <summary>What is particular to the capability, for people to read.</summary>
    public virtual IEnumerable<SheetFact> Facts => [];
}

/// <summary>One line of a sheet.</summary>
/// <param name="Name">What it tells.</param>
/// <param name="Value">What is so.</param>
public sealed record SheetFact(string Name, string Value);
