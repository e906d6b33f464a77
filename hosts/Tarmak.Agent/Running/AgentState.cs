using System.Text.Json;

namespace Tarmak.Agent.Running;

/// <summary>What the agent remembers over restarts, beside its identity and bundles.</summary>
internal sealed record AgentState
{
    /// <summary>Number of the last run.</summary>
    public long Runs { get; init; }

    /// <summary>Which authority signed each certificate here, by certificate name.</summary>
    public Dictionary<string, string> Authorities { get; init; } = [];

    /// <summary>Reads the state; an absent or broken file is a fresh start.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">The journal.</param>
    /// <returns>The state.</returns>
    public static AgentState Read(string path, AgentLog log)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.AgentState) ?? new AgentState()
                : new AgentState();
        }
        catch (JsonException exception)
        {
            log.Error("The agent's state cannot be read; run numbers start again.", ("error", exception.Message));
            return new AgentState();
        }
    }

    /// <summary>Writes the state.</summary>
    /// <param name="path">The file.</param>
    public void Write(string path) =>
        AgentFiles.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, AgentJson.Default.AgentState), AgentFiles.Private);
}
