namespace Tarmak.Simulator;

/// <summary>What the program was started with.</summary>
/// <param name="Socket">Path of the socket it answers at.</param>
/// <param name="Data">Folder of its log.</param>
/// <param name="Scenario">File of the scenario; null: the default cloud.</param>
internal sealed record SimulatorOptions(string Socket, string Data, string? Scenario)
{
    /// <summary>How it is started.</summary>
    public const string Usage = "Usage: tarmak-simulator --socket PATH --data DIR [--scenario FILE]";

    /// <summary>Reads arguments; null where they are not as <see cref="Usage"/> has them.</summary>
    public static SimulatorOptions? Read(string[] arguments)
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not [("--socket" or "--data" or "--scenario") and var name, { Length: > 0 } value] || !given.TryAdd(name, Path.GetFullPath(value)))
            {
                return null;
            }
        }

        return given.TryGetValue("--socket", out var socket) && given.TryGetValue("--data", out var data) ? new SimulatorOptions(socket, data, given.GetValueOrDefault("--scenario")) : null;
    }
}
