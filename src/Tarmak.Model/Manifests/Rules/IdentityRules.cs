using System.Globalization;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>One document per resource, and the version it was based on.</summary>
internal static class IdentityRules
{
    public static void Check(ManifestReadResult incoming, ExistingResources existing, List<ManifestProblem> problems)
    {
        var seen = new Dictionary<ResourceKey, ManifestSource>();
        Check(incoming.Providers, existing.Providers, seen, problems);
        Check(incoming.Environments, existing.Environments, seen, problems);
        Check(incoming.Clusters, existing.Clusters, seen, problems);
    }

    private static void Check<T>(
        IReadOnlyList<SourcedManifest<T>> incoming, IReadOnlyList<ExistingResource<T>> existing, Dictionary<ResourceKey, ManifestSource> seen, List<ManifestProblem> problems)
        where T : class, IManifest
    {
        var versions = existing.ToDictionary(e => e.Manifest.Key, e => e.ResourceVersion);
        foreach (var (manifest, source) in incoming)
        {
            if (!seen.TryAdd(manifest.Key, source))
            {
                var first = seen[manifest.Key];
                problems.Add(source.Problem("metadata.name", string.Create(
                    CultureInfo.InvariantCulture, $"{manifest.Key} is already declared at {first.File}:{first.Line}; keep one of the two")));
            }

            if (manifest.Metadata.ResourceVersion is { } wanted)
            {
                CheckVersion(manifest.Key, wanted, versions.GetValueOrDefault(manifest.Key), source, problems);
            }
        }
    }

    private static void CheckVersion(ResourceKey key, string wanted, string? current, ManifestSource source, List<ManifestProblem> problems)
    {
        if (current is null)
        {
            problems.Add(source.Problem("metadata.resourceVersion", $"is set, but {key} does not exist (a resource keeps its name and environment for life); leave resourceVersion out to create it"));
        }
        else if (wanted != current)
        {
            problems.Add(source.Problem("metadata.resourceVersion", $"is {wanted}, but {key} has changed since and is now {current}; get it again and redo the edit, or leave resourceVersion out to overwrite"));
        }
    }
}
