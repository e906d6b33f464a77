namespace Tarmak.Cli.Engine;

/// <summary>Finds the engine's program.</summary>
internal static class EngineBinary
{
    /// <summary>The program <c>TARMAK_ENGINE</c> names, or <c>engine/Tarmak.Engine</c> beside this one.</summary>
    public static string Find()
    {
        var named = Environment.GetEnvironmentVariable("TARMAK_ENGINE");
        var path = string.IsNullOrEmpty(named)
            ? Path.Combine(AppContext.BaseDirectory, "engine", "Tarmak.Engine")
            : Path.GetFullPath(named);
        return File.Exists(path)
            ? path
            : throw new CliException($"The engine is not at {path}; run ./tarmak, which builds it, or name its program in TARMAK_ENGINE.");
    }
}
