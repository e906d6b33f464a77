namespace Tarmak.Agent;

/// <summary>Files that are whole or absent, with the mode they need from the first byte on.</summary>
internal static class AgentFiles
{
    /// <summary>Readable and writable by the owner only.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Readable by everybody.</summary>
    public const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>A directory of the owner only.</summary>
    public const UnixFileMode PrivateDirectory = Private | UnixFileMode.UserExecute;

    /// <summary>Writes a file by a temporary one beside it and a rename; the content is on disk before the name is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="mode">Its mode.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream file = new(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = mode,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            // The creation mask may have taken bits away.
            File.SetUnixFileMode(temporary, mode);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes a directory of the owner only.</summary>
    /// <param name="path">The directory.</param>
    public static void MakePrivateDirectory(string path)
    {
        Directory.CreateDirectory(path, PrivateDirectory);
        File.SetUnixFileMode(path, PrivateDirectory);
    }

    /// <summary>Refuses a file that others may read or write.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AgentException">Others may.</exception>
    public static void RequirePrivate(string path)
    {
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & ~Private) != 0)
        {
            throw new AgentException($"{path} must be readable by its owner only (mode 0600), but its mode is {Convert.ToString((int)mode, 8)}.");
        }
    }
}
