namespace Tarmak.Gateway.Listeners;

/// <summary>Files of their owner alone, written whole or not at all.</summary>
internal static class PrivateFile
{
    public static void Write(string path, string content)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(content);
            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
