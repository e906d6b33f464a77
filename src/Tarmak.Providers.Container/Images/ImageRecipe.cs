using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tarmak.Providers.Container.Images;

/// <summary>The files an image is made from, and their hashes.</summary>
internal sealed class ImageRecipe
{
    private const string Prefix = "Image/";

    private ImageRecipe(SortedDictionary<string, byte[]> files, byte[] install)
    {
        Files = files;
        Install = install;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "architecture", Encoding.UTF8.GetBytes(RuntimeInformation.OSArchitecture.ToString()));
        Append(hash, "install", install);
        foreach (var (name, content) in files)
        {
            Append(hash, name, content);
        }

        PackagesHash = Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Files of the recipe by path.</summary>
    public IReadOnlyDictionary<string, byte[]> Files { get; }

    /// <summary>The program that carries it out in the new tree.</summary>
    public byte[] Install { get; }

    /// <summary>Hash of everything but the agent: what takes long to build.</summary>
    public string PackagesHash { get; }

    /// <summary>The recipe in this program.</summary>
    public static ImageRecipe Load()
    {
        var assembly = typeof(ImageRecipe).Assembly;
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            files[name[Prefix.Length..]] = Read(name);
        }

        return new ImageRecipe(files, Read("Build/install"));

        byte[] Read(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return content.ToArray();
        }
    }

    /// <summary>Hash of everything, the agent included.</summary>
    public string ContentHash(ReadOnlySpan<byte> agent)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "packages", Encoding.UTF8.GetBytes(PackagesHash));
        Append(hash, "agent", agent);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string name, ReadOnlySpan<byte> content)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{content.Length}\n")));
        hash.AppendData(content);
    }
}
