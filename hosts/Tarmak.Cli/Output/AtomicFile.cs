namespace Tarmak.Cli.Output;

/// <summary>Files for their owner only, that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes one file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content.</param>
    public static void Write(string path, string content) => WriteAll([(path, content)]);

    /// <summary>Writes files that belong together: none takes its place before all of them are on the disk.</summary>
    /// <param name="files">Paths and contents.</param>
    public static void WriteAll(IReadOnlyList<(string Path, string Content)> files)
    {
        var fresh = files.Select(f => (From: $"{f.Path}.{Guid.NewGuid():N}", To: f.Path, f.Content)).ToList();
        try
        {
            foreach (var file in fresh)
            {
                using var stream = new FileStream(file.From, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
                stream.Write(System.Text.Encoding.UTF8.GetBytes(file.Content));
                stream.Flush(flushToDisk: true);
            }

            foreach (var file in fresh)
            {
                File.Move(file.From, file.To, overwrite: true);
            }
        }
        finally
        {
            foreach (var file in fresh)
            {
                File.Delete(file.From);
            }
        }
    }
}
