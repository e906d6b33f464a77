namespace Tarmak.Providers.Container.Edges;

/// <summary>The files that make a machine image an edge.</summary>
internal static class EdgeFiles
{
    public static string Read(string name)
    {
        using var stream = typeof(EdgeFiles).Assembly.GetManifestResourceStream("Edge/" + name)
            ?? throw new InvalidOperationException($"There is no edge file {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
