using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Tarmak.Agent.Bundles;

/// <summary>Unpacked bundles. One is in force; it and the one before are kept.</summary>
/// <param name="paths">Where files are.</param>
/// <param name="instanceUid">The only instance whose bundles are taken.</param>
internal sealed class BundleStore(AgentPaths paths, string instanceUid)
{
    private const long LargestContent = 128L * 1024 * 1024;
    private const int MostEntries = 20_000;
    private const string UnfinishedPrefix = ".unfinished-";

    /// <summary>Hash of the bundle in force; null where there is none.</summary>
    public string? Current =>
        Directory.Exists(paths.CurrentBundle) && new DirectoryInfo(paths.CurrentBundle).LinkTarget is { } target
            ? Path.GetFileName(target)
            : null;

    /// <summary>Unpacks a verified bundle and puts it in force; a crash leaves the earlier one in force.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <exception cref="AgentException">Its layout is not a bundle's, or it is another instance's.</exception>
    public void Install(SignedBundle bundle)
    {
        AgentFiles.MakePrivateDirectory(paths.BundlesDirectory);
        RemoveUnfinished();
        string target = Path.Combine(paths.BundlesDirectory, bundle.Hash);
        if (!Directory.Exists(target))
        {
            string unfinished = Path.Combine(paths.BundlesDirectory, UnfinishedPrefix + Path.GetRandomFileName());
            AgentFiles.MakePrivateDirectory(unfinished);
            try
            {
                Unpack(bundle.Content, unfinished);
                RequireOwn(unfinished);
                Directory.Move(unfinished, target);
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or JsonException or FormatException)
            {
                Directory.Delete(unfinished, recursive: true);
                throw new AgentException($"Bundle {bundle.Hash} cannot be unpacked: {exception.Message}", exception);
            }
            catch (AgentException)
            {
                Directory.Delete(unfinished, recursive: true);
                throw;
            }
        }

        string? previous = Current;
        SwitchTo(bundle.Hash);
        Prune(bundle.Hash, previous);
    }

    /// <summary>What the bundle in force asks of the agent.</summary>
    /// <returns>The data.</returns>
    /// <exception cref="AgentException">It cannot be read.</exception>
    public InstanceData ReadData()
    {
        string path = Path.Combine(paths.CurrentBundle, "data", "instance.json");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.InstanceData)
                ?? throw new AgentException("The bundle's instance data are empty.");
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new AgentException("The bundle's instance data cannot be read.", exception);
        }
    }

    private static void Unpack(ReadOnlyMemory<byte> content, string directory)
    {
        using MemoryStream memory = new(content.ToArray(), writable: false);
        using GZipStream plain = new(memory, CompressionMode.Decompress);
        using TarReader reader = new(plain);
        long total = 0;
        int entries = 0;
        while (reader.GetNextEntry() is { } entry)
        {
            total += entry.Length;
            if (++entries > MostEntries || total > LargestContent)
            {
                throw new InvalidDataException("it is too large.");
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                throw new InvalidDataException("it holds something other than regular files.");
            }

            string[] parts = entry.Name.Split('/');
            if (parts.Any(part => part is "" or "." or "..") || entry.Name.Contains('\0', StringComparison.Ordinal))
            {
                throw new InvalidDataException("it names a path outside itself.");
            }

            string path = Path.Combine([directory, .. parts]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);

            // CreateNew refuses a name that comes twice.
            using FileStream file = new(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = AgentFiles.Public,
            });
            entry.DataStream?.CopyTo(file);
        }
    }

    private void RequireOwn(string directory)
    {
        BundleManifest? manifest = JsonSerializer.Deserialize(
            File.ReadAllBytes(Path.Combine(directory, "bundle.json")), AgentJson.Default.BundleManifest);
        if (manifest?.Format != BundleManifest.KnownFormat)
        {
            throw new AgentException($"The bundle is refused: this agent knows format {BundleManifest.KnownFormat} only.");
        }

        if (manifest.Instance?.Uid != instanceUid)
        {
            throw new AgentException("The bundle is refused: it was made for another instance.");
        }
    }

    private void SwitchTo(string hash)
    {
        string link = $"{paths.CurrentBundle}.{Path.GetRandomFileName()}";
        File.CreateSymbolicLink(link, Path.Combine("bundles", hash));
        Native.Rename(link, paths.CurrentBundle);
    }

    private void Prune(string current, string? previous)
    {
        foreach (string directory in Directory.GetDirectories(paths.BundlesDirectory))
        {
            if (Path.GetFileName(directory) is { } name && name != current && name != previous)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private void RemoveUnfinished()
    {
        foreach (string directory in Directory.GetDirectories(paths.BundlesDirectory, UnfinishedPrefix + "*"))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
