namespace Tarmak.Providers.Container.Engine;

/// <summary>
/// A volume where its engine keeps it: a folder of this machine, where engine and process share one and the process may read
/// there. An engine makes several programs run for each archive it gives out; this is a file's read.
/// </summary>
internal static class VolumeFolder
{
    /// <summary>What the engine's files lie under in its folder of volumes, with Docker as with Podman.</summary>
    private const string Data = "_data";

    private const int Longest = 16 * 1024 * 1024;

    /// <summary>Reads files of a volume.</summary>
    /// <param name="source">Where the engine says that the volume is.</param>
    /// <param name="volume">The volume's name.</param>
    /// <param name="folder">The folder in the volume.</param>
    /// <param name="names">The files, in the order in which they are read.</param>
    /// <returns>The files there are, by name; null where they cannot be read from here and the engine has to be asked.</returns>
    /// <remarks>
    /// Who owns the volume's containers may put a link in a file's place. What was opened is what it is called by, or it is
    /// not read: its content would be told to others.
    /// </remarks>
    public static Dictionary<string, byte[]>? Find(string? source, string volume, string folder, params ReadOnlySpan<string> names)
    {
        var tail = $"/{volume}/{Data}";
        if (source is null || !source.EndsWith(tail, StringComparison.Ordinal) || !Directory.Exists(source))
        {
            return null;
        }

        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            try
            {
                var path = $"{source}/{folder}/{name}";
                if (new FileInfo(path) is { Exists: true } file)
                {
                    if (file.LinkTarget is not null || Read(path, $"{tail}/{folder}/{name}") is not { } content)
                    {
                        return null;
                    }

                    files[name] = content;
                }
            }
            catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
            {
                // It went between the two looks, as files do whose next version is being put in place.
            }
            catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
            {
                return null;
            }
        }

        return files;
    }

    /// <summary>The content; null where what was opened is called otherwise, or is none of ours by its length.</summary>
    private static byte[]? Read(string path, string tail)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(handle);
        var opened = new FileInfo($"/proc/self/fd/{handle.DangerousGetHandle()}").LinkTarget;
        if (opened is null || length > Longest || !WithoutDeleted(opened).EndsWith(tail, StringComparison.Ordinal))
        {
            return null;
        }

        var content = new byte[length];
        var read = 0;
        while (read < content.Length && RandomAccess.Read(handle, content.AsSpan(read), read) is > 0 and var some)
        {
            read += some;
        }

        return content[..read];
    }

    // A file that was replaced while it was open is still the one that was there.
    private static string WithoutDeleted(string opened)
    {
        const string Deleted = " (deleted)";
        return opened.EndsWith(Deleted, StringComparison.Ordinal) ? opened[..^Deleted.Length] : opened;
    }
}
