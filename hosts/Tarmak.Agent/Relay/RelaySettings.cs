using System.Net;
using System.Text.Json;

namespace Tarmak.Agent.Relay;

/// <summary>Settings of a relay.</summary>
/// <param name="EngineListen"><c>address:port</c> engines dial.</param>
/// <param name="AgentListen"><c>address:port</c> agents dial.</param>
/// <param name="AuthorityCertificate">PEM of the engine's authority.</param>
internal sealed record RelaySettings(string EngineListen, string AgentListen, string AuthorityCertificate)
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="AgentException">The file is absent or wrong.</exception>
    public static RelaySettings Read(string path)
    {
        try
        {
            RelaySettings settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.RelaySettings)
                ?? throw new AgentException($"{path} is empty.");
            if (!IPEndPoint.TryParse(settings.EngineListen ?? string.Empty, out _)
                || !IPEndPoint.TryParse(settings.AgentListen ?? string.Empty, out _)
                || string.IsNullOrEmpty(settings.AuthorityCertificate))
            {
                throw new AgentException($"{path} must name engineListen and agentListen (address:port) and authorityCertificate (PEM).");
            }

            return settings;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new AgentException($"Cannot read the relay's settings from {path}.", exception);
        }
    }
}
