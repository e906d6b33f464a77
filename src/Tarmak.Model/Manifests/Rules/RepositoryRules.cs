using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>What the names of repositories say about each other.</summary>
internal static class RepositoryRules
{
    public static void Check(IReadOnlyList<string>? repositories, ManifestSource source, ProblemLog log)
    {
        foreach (var (index, name) in (repositories ?? []).Index())
        {
            if (RepositoryNames.Reserved.Contains(name))
            {
                log.Add(source.Problem(ProblemLog.Join("spec.repositories", index), $"is {name}, a word that registries use themselves; choose another name"));
            }

            if (repositories!.Take(index).Contains(name))
            {
                log.Add(source.Problem(ProblemLog.Join("spec.repositories", index), $"is {name} once more; leave it out"));
            }
        }
    }
}
