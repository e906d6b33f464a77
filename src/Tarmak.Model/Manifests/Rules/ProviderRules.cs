using Tarmak.Model.Manifests.Fields;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What one provider's fields say about each other.</summary>
internal static class ProviderRules
{
    public static void Check(ProviderSpec spec, ManifestSource source, ProblemLog log)
    {
        if (spec.CredentialsFrom is { } from
            && new[] { from.File, from.Env, from.SecretStore }.Count(place => place is not null) != 1)
        {
            log.Add(source.Problem("spec.credentialsFrom", "must name exactly one of file, env and secretStore"));
        }
    }
}
