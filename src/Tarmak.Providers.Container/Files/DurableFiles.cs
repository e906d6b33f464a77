using System.Runtime.InteropServices;

namespace Tarmak.Providers.Container.Files;

/// <summary>Files that survive a crash whole: written beside, synced, renamed, and the folder synced.</summary>
internal static class DurableFiles
{
    /// <summary>Ending of files being written; a reader never looks at them.</summary>
    public const string Unfinished = ".tmp";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Makes a folder that only its owner may enter, and those above it that are not there, durably.</summary>
    public static void CreateFolder(string path)
    {
        List<string> parents = [];
        for (var missing = Path.GetFullPath(path); !Directory.Exists(missing); missing = parents[^1])
        {
            parents.Add(Path.GetDirectoryName(missing)!);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }

        parents.ForEach(SyncFolder);
    }

    /// <summary>
    /// Writes a file, mode 0600; there is the old one, or none, or the whole new one. What an earlier write left
    /// unfinished goes, so writers of one file must not write at once.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var unfinished = path + Unfinished;
        File.Delete(unfinished);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using (var file = new FileStream(unfinished, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes a folder's entries durable.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(System.Text.Encoding.UTF8.GetBytes(path + "\0"), 0);
        if (folder < 0)
        {
            throw new IOException($"The folder {path} could not be opened.");
        }

        try
        {
            if (Sync(folder) != 0)
            {
                throw new IOException($"The folder {path} could not be synced.");
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    /// <summary>Waits for the only lock of a folder; it ends with the process that has it.</summary>
    public static async Task<FileStream> LockAsync(string folder, CancellationToken cancellationToken)
    {
        CreateFolder(folder);
        var path = Path.Combine(folder, ".lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(3), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Removes a folder with its lock where nothing that somebody uses is in it. Who waits for the lock fails, and may begin anew.</summary>
    public static async Task RemoveUnusedAsync(string folder, Func<string, bool> isUsed, Action first, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        using (await LockAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (!isUsed(folder))
            {
                first();
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Whether a folder that holds a folder for each thing holds any.</summary>
    public static bool HasFolders(string folder) => Directory.EnumerateDirectories(folder).Any();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);
}
