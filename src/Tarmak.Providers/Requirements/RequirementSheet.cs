using System.Collections.Immutable;

namespace Tarmak.Providers.Requirements;

/// <summary>
/// What a type of provider offers, what it needs and what it cannot do, as data. Manifests are checked against it before
/// the first call, and the conformance kit holds it against what the provider does.
/// </summary>
public sealed record RequirementSheet
{
    /// <summary>The type in manifests.</summary>
    public required string Type { get; init; }

    /// <summary>What it is, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What the provider needs as a whole, whichever capabilities are bound to it.</summary>
    public ImmutableArray<Requirement> Requirements { get; init; } = [];

    /// <summary>The capabilities it offers; one that is not here is not offered.</summary>
    public required ImmutableArray<CapabilitySheet> Capabilities { get; init; }

    /// <summary>The fields of a Provider's spec that the type takes, beside its type.</summary>
    public ImmutableArray<string> Settings { get; init; } = [];

    /// <summary>Those of <see cref="Settings"/> that must be there.</summary>
    public ImmutableArray<string> RequiredSettings { get; init; } = [];

    /// <summary>How many calls an account may make, by family; what is not in it is not known, and learned from what is refused.</summary>
    public ImmutableArray<ApiLimit> ApiLimits { get; init; } = [];

    /// <summary>The regions or sites an environment may name; empty where the provider knows none.</summary>
    public ImmutableArray<string> Locations { get; init; } = [];

    /// <summary>One capability's part.</summary>
    /// <param name="capability">Its name in manifests.</param>
    /// <returns>Its sheet, or null where it is not offered.</returns>
    public CapabilitySheet? Find(string capability) => Capabilities.FirstOrDefault(c => c.Capability == capability);

    /// <summary>One capability's part, with what is particular to it.</summary>
    /// <typeparam name="TSheet">The capability's type of sheet.</typeparam>
    /// <returns>Its sheet, or null where it is not offered.</returns>
    public TSheet? Find<TSheet>()
        where TSheet : CapabilitySheet => Capabilities.OfType<TSheet>().FirstOrDefault();
}
