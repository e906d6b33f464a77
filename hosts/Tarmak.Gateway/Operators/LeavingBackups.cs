using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>The backups of an environment that is to be deleted.</summary>
/// <param name="Consent">The consent to their loss.</param>
/// <param name="IsNeeded">Whether there may be some, so that nothing is deleted without it.</param>
/// <param name="IsImplied">Whether there are none. What comes now comes from what is going.</param>
internal sealed record LeavingBackups(RequiredConsent Consent, bool IsNeeded, bool IsImplied)
{
    /// <summary>Whether the bucket may go whatever is in it.</summary>
    /// <param name="consents">The names consented with.</param>
    public bool IsGivenUp(IReadOnlyCollection<string> consents) => IsImplied || Consents.IsGiven(Consent, consents);
}
