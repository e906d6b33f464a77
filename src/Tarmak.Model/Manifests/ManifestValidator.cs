using Tarmak.Model.Manifests.Rules;

namespace Tarmak.Model.Manifests;

/// <summary>Checks a set of manifests against each other and against what the server has. Pure: the same input gives the same answer.</summary>
public static class ManifestValidator
{
    /// <summary>
    /// Everything wrong with the set as a whole, beginning with what the reader found, and every change that needs consent.
    /// Documents the reader left out are not checked, but references to them count as good.
    /// </summary>
    public static ManifestValidation Validate(ManifestReadResult incoming, ExistingResources existing)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        ArgumentNullException.ThrowIfNull(existing);
        var problems = new List<ManifestProblem>(incoming.Problems);
        var consents = new List<RequiredConsent>();
        IdentityRules.Check(incoming, existing, problems);
        ReferenceRules.Check(incoming, existing, problems);
        NetworkRules.Check(incoming, existing, problems);
        SharedChangeRules.Check(incoming, existing, problems);
        foreach (var cluster in incoming.Clusters)
        {
            if (existing.Clusters.FirstOrDefault(e => e.Manifest.Key == cluster.Manifest.Key) is { } before)
            {
                ClusterChangeRules.Check(before.Manifest, cluster.Manifest, cluster.Source, problems, consents);
            }
        }

        return new ManifestValidation(problems, consents);
    }
}
