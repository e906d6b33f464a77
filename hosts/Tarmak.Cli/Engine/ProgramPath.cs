namespace Tarmak.Cli.Engine;

/// <summary>Finds programs as a shell does.</summary>
internal static class ProgramPath
{
    /// <summary>Path of the program; null when <c>PATH</c> has none of that name.</summary>
    /// <param name="name">Its name.</param>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(File.Exists);
}
