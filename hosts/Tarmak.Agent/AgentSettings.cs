using System.Text.Json;

namespace Tarmak.Agent;

/// <summary>First-boot data.</summary>
/// <param name="Instance">Key of the instance, for example <c>dev/demo/etcd/0</c>.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="RelayAddress"><c>host:port</c> of the relay.</param>
/// <param name="AuthorityPin">SHA-256 (hex) of the engine authority's public key.</param>
internal sealed record AgentSettings(string Instance, string InstanceUid, string RelayAddress, string AuthorityPin)
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="AgentException">The file is absent or wrong.</exception>
    public static AgentSettings Read(string path)
    {
        try
        {
            AgentSettings settings = JsonSerializer.Deserialize(File.ReadAllBytes(path), AgentJson.Default.AgentSettings)
                ?? throw new AgentException($"{path} is empty.");
            if (string.IsNullOrEmpty(settings.Instance) || string.IsNullOrEmpty(settings.InstanceUid)
                || string.IsNullOrEmpty(settings.RelayAddress) || settings.AuthorityPin is not { Length: 64 })
            {
                throw new AgentException($"{path} must name instance, instanceUid, relayAddress and authorityPin (64 hexadecimal digits).");
            }

            return settings;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new AgentException($"Cannot read first-boot data from {path}.", exception);
        }
    }
}
