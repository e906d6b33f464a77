using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Requirements;

/// <summary>Machines' identities as a provider offers them.</summary>
public sealed record AccessIdentitySheet() : CapabilitySheet(CapabilityNames.AccessIdentity)
{
    /// <summary>The policies a pool may name.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>Whether a pool may name others, which are its owner's at the cloud.</summary>
    public bool TakesOwnPolicies { get; init; }

    /// <summary>Whether a pool may name a policy.</summary>
    /// <param name="policy">Its name.</param>
    /// <returns>Whether it may.</returns>
    public bool Takes(string policy) => TakesOwnPolicies || Policies.Contains(policy);

    /// <inheritdoc/>
    public override IEnumerable<SheetFact> Facts =>
        [new("policies", string.Join(", ", TakesOwnPolicies ? Policies.Add("your own") : Policies) is { Length: > 0 } names ? names : "none")];
}
