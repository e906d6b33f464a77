using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Tarmak.Configuration.Bundles;

namespace Tarmak.Configuration.Tests.Bundles;

/// <summary>Reads bundles as an agent does.</summary>
internal static class BundleContent
{
    public static IReadOnlyList<TarEntry> Entries(Bundle bundle)
    {
        using var stream = new MemoryStream(bundle.Content.ToArray());
        using var plain = new GZipStream(stream, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    public static string Text(Bundle bundle, string path) => Text(Entries(bundle).Single(entry => entry.Name == path));

    public static string Text(TarEntry entry)
    {
        using var reader = new StreamReader(entry.DataStream!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static void Unpack(Bundle bundle, string directory)
    {
        using var stream = new MemoryStream(bundle.Content.ToArray());
        using var plain = new GZipStream(stream, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(plain, directory, overwriteFiles: false);
    }
}
