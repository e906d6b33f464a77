using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Configuration.Hiera;
using Tarmak.Model.Resources;

namespace Tarmak.Configuration.Bundles;

/// <summary>Packs the modules and one instance's data into a signed bundle.</summary>
/// <param name="signer">Signs the bundle's hash.</param>
public sealed class BundleBuilder(IBundleSigner signer)
{
    private const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Builds the bundle of one instance.</summary>
    /// <param name="spec">What decides the instance's configuration.</param>
    /// <exception cref="ArgumentException">The specification contradicts itself or carries a secret value.</exception>
    public Bundle Build(BundleSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);

        var content = Pack(Files(spec));
        var hash = SHA256.HashData(content);
        return new Bundle(Convert.ToHexStringLower(hash), content, signer.SignHash(hash));
    }

    private static SortedDictionary<string, byte[]> Files(BundleSpec spec)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (path, content) in BundleFiles.All)
        {
            files.Add(path, content);
        }

        // Left to itself Puppet asks DNS for its own name, which no server may answer yet.
        files["puppet.conf"] = [.. files["puppet.conf"], .. Encoding.UTF8.GetBytes($"certname = {spec.Fqdn}\n")];
        files.Add("bundle.json", BundleDescription.Render(spec));
        files.Add("data/instance.json", HieraRenderer.Render(spec));
        return files;
    }

    private static byte[] Pack(SortedDictionary<string, byte[]> files)
    {
        using var buffer = new MemoryStream();
        using (var compressed = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(compressed, TarEntryFormat.Ustar))
        {
            foreach (var (path, content) in files)
            {
                using var data = new MemoryStream(content, writable: false);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = data,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    Mode = FileMode,
                    Uid = 0,
                    Gid = 0,
                    UserName = "root",
                    GroupName = "root",
                });
            }
        }

        return buffer.ToArray();
    }
}
