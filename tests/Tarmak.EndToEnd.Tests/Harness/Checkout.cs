using System.Runtime.CompilerServices;

namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>The checkout the tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string Quickstart => Path.Combine(Root, "docs", "examples", "quickstart.yaml");

    public static string Hub => Path.Combine(Root, "docs", "examples", "hub.yaml");

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
