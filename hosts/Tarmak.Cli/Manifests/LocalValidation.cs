using System.Globalization;
using Tarmak.Model.Manifests;
using ModelFile = Tarmak.Model.Manifests.ManifestFile;
using WireFile = Tarmak.Api.V1.ManifestFile;

namespace Tarmak.Cli.Manifests;

/// <summary>Finds what is wrong with manifests before any engine is asked or started.</summary>
internal static class LocalValidation
{
    private const int MostShown = 100;

    /// <summary>Reads the manifests; ends the command with every problem at once.</summary>
    /// <param name="files">The files.</param>
    public static ManifestReadResult Check(IEnumerable<WireFile> files)
    {
        var read = ManifestReader.Read([.. files.Select(f => new ModelFile(f.Name, f.Content))]);
        var problems = IsSelfContained(read) ? ManifestValidator.Validate(read, ExistingResources.None).Problems : read.Problems;
        if (problems.Count > 0)
        {
            var shown = problems.Take(MostShown).Select(p => Output.PlainText.Of(p.ToString()));
            var more = problems.Count > MostShown ? [string.Create(CultureInfo.InvariantCulture, $"… and {problems.Count - MostShown} more")] : Array.Empty<string>();
            throw new CliException(string.Join('\n', shown.Concat(more)), ExitCode.Usage) { Bare = true };
        }

        return read.All.Any()
            ? read
            : throw new CliException("The files hold no manifest.", ExitCode.Usage);
    }

    // What a set names may also be on the server, which is not asked here. A set that names only itself is as wrong
    // here as it is there.
    private static bool IsSelfContained(ManifestReadResult read)
    {
        var known = read.All.Select(m => m.Key).Concat(read.Invalid).ToHashSet();
        bool Knows(ManifestKind kind, string name) => known.Contains(new ResourceKey(kind, null, name));
        return read.All.All(m => m.Metadata.ResourceVersion is null)
            && read.Environments.All(e => Knows(ManifestKind.Provider, e.Manifest.Spec.Provider)
                && e.Manifest.Spec.Overrides.Values.All(o => Knows(ManifestKind.Provider, o.Provider)))
            && read.Clusters.All(c => c.Manifest.Spec.Type != ClusterType.Multi
                && Knows(ManifestKind.Environment, c.Manifest.Metadata.Environment!));
    }
}
