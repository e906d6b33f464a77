using System.Reflection;

namespace Tarmak.Configuration.Bundles;

/// <summary>The files that are the same in every bundle of one release: modules, manifest and Puppet's settings.</summary>
internal static class BundleFiles
{
    /// <summary>Content by path inside the bundle.</summary>
    public static IReadOnlyDictionary<string, byte[]> All { get; } = Load();

    private static Dictionary<string, byte[]> Load()
    {
        var assembly = typeof(BundleFiles).Assembly;
        return assembly.GetManifestResourceNames().ToDictionary(name => name, name => Read(assembly, name), StringComparer.Ordinal);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lists '{name}' but does not hold it.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
