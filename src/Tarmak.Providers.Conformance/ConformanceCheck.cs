using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance;

/// <summary>One demand on a provider, and how it is found out whether the provider meets it.</summary>
/// <param name="Id">Capability and behaviour, for example <c>secretStore/create-twice-keeps-the-first</c>; it never changes.</param>
/// <param name="Demand">What is demanded, in one sentence.</param>
/// <param name="IsOffered">Whether a provider offers what is checked.</param>
/// <param name="RunAsync">Finds out; throws <see cref="CheckFailedException"/> where the demand is not met.</param>
public sealed record ConformanceCheck(
    string Id, string Demand, Func<IProvider, bool> IsOffered, Func<CheckScope, CancellationToken, Task> RunAsync)
{
    /// <summary>The capability, by its name in manifests.</summary>
    public string Capability => Id[..Id.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>
    /// Why, by its sheet, a provider that offers the capability need not be checked; null: for no reason. What is offered, not
    /// checked and not excluded has failed.
    /// </summary>
    public Func<RequirementSheet, string?> ExcludedBy { get; init; } = static _ => null;

    /// <summary>Whether the subject must be able to open the provider as another installation for it.</summary>
    public bool NeedsAnotherInstallation { get; init; }

    /// <summary>Of which resource kind or capability the subject must be able to provoke faults for it; null: of none.</summary>
    public string? NeedsFaultsOf { get; init; }

    /// <summary>
    /// Why the sheets of this provider and of another exclude that the other serves what this one makes, as a sentence. Such a
    /// check needs a subject with another provider, and <see cref="IsOffered"/> is asked of that one. Null: it is about one provider.
    /// </summary>
    public Func<RequirementSheet, RequirementSheet, string?>? ExcludedBetween { get; init; }

    /// <summary>What sort of demand it is.</summary>
    public CheckGroup Group { get; init; } = CheckGroup.Behaviour;

    /// <summary>The resource kind it is about; null: of none in particular.</summary>
    public string? Kind { get; init; }

    /// <summary>Time it may take where that is more than the kit's for one check; null: the kit's.</summary>
    public TimeSpan? Deadline { get; init; }
}
