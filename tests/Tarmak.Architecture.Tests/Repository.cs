using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Tarmak.Architecture.Tests;

/// <summary>The checkout, read as text: the rules hold for what is written, not only for what a build happens to load.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Project files by project name, those of the tests excepted.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } = new[] { "src", "grains", "hosts" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);

    public static IReadOnlySet<string> ReferencesOf(string project) => XDocument.Load(Projects[project])
        .Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
        .ToHashSet(StringComparer.Ordinal);

    public static IReadOnlySet<string> PackagesOf(string project) => XDocument.Load(Projects[project])
        .Descendants("PackageReference")
        .Select(reference => reference.Attribute("Include")!.Value)
        .ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<(string File, string Text)> SourcesOf(string project)
    {
        var folder = Path.GetDirectoryName(Projects[project])!;
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(Root, file), File.ReadAllText(file)));
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Tarmak.Orleans.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"No solution above {thisFile}.");
    }
}
