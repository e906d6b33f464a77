namespace Tarmak.Model.Manifests;

/// <summary>What is wrong with a set of manifests as a whole, and what it needs consent for.</summary>
/// <param name="Problems">Everything wrong; the set is refused unless this is empty.</param>
/// <param name="RequiredConsents">Changes that give up data.</param>
public sealed record ManifestValidation(IReadOnlyList<ManifestProblem> Problems, IReadOnlyList<RequiredConsent> RequiredConsents)
{
    /// <summary>Whether nothing is wrong; consent may still be needed.</summary>
    public bool IsValid => Problems.Count == 0;
}
