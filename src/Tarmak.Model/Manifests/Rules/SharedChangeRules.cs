namespace Tarmak.Model.Manifests.Rules;

/// <summary>What clusters stand on is not changed under them.</summary>
internal static class SharedChangeRules
{
    public static void Check(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        foreach (var (provider, source) in incoming.Providers)
        {
            var before = existing.Providers.FirstOrDefault(e => e.Manifest.Key == provider.Key)?.Manifest;
            var user = existing.Environments.FirstOrDefault(e => Uses(e.Manifest.Spec, provider.Metadata.Name))?.Manifest;
            if (before is not null && user is not null && before.Spec.Type != provider.Spec.Type)
            {
                problems.Add(source.Problem("spec.type", $"changes from {before.Spec.Type} to {provider.Spec.Type} while {user.Key} uses the provider; declare a provider of another name"));
            }
        }

        foreach (var (environment, source) in incoming.Environments)
        {
            var before = existing.Environments.FirstOrDefault(e => e.Manifest.Key == environment.Key)?.Manifest;
            var user = existing.Clusters.FirstOrDefault(c => c.Manifest.Metadata.Environment == environment.Metadata.Name)?.Manifest;
            if (before is not null && user is not null)
            {
                Fixed("spec.provider", before.Spec.Provider, environment.Spec.Provider, user.Key, source, problems);
                Fixed("spec.location", before.Spec.Location, environment.Spec.Location, user.Key, source, problems);
                Fixed("spec.dns.privateZone", before.Spec.Dns.PrivateZone, environment.Spec.Dns.PrivateZone, user.Key, source, problems);
            }
        }
    }

    private static bool Uses(EnvironmentSpec spec, string provider) =>
        spec.Provider == provider || spec.Overrides.Values.Any(o => o.Provider == provider);

    private static void Fixed(string path, string? from, string? to, ResourceKey user, ManifestSource source, List<ManifestProblem> problems)
    {
        if (from != to)
        {
            problems.Add(source.Problem(path, $"changes from {from ?? "nothing"} to {to ?? "nothing"} while {user} lives in the environment; keep it, or delete its clusters first"));
        }
    }
}
