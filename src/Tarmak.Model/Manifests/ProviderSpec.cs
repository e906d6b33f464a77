namespace Tarmak.Model.Manifests;

/// <summary>One account at one cloud. It never holds a secret, only where to find it.</summary>
public sealed record ProviderSpec
{
    /// <summary>The kind of cloud, for example <c>container</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where the account's credentials are read from; null where none are needed.</summary>
    public CredentialsReference? CredentialsFrom { get; init; }

    /// <summary>Container provider: address of the Docker API, for example <c>unix:///run/podman/podman.sock</c>; null finds it. Simulated provider: socket of the simulator; null: the cloud is in the engine.</summary>
    public string? Host { get; init; }

    /// <summary>Address of the server, for providers that are one: <c>host[:port]</c>, or an address as of the web.</summary>
    public string? Server { get; init; }

    /// <summary>Region of the server, where requests are signed for one.</summary>
    public string? Region { get; init; }

    /// <summary>Container provider: absolute path of the folder in which it keeps secrets, objects and firewall groups; null: one in the engine's home.</summary>
    public string? Directory { get; init; }

    /// <summary>Simulated provider: file of the scenario on the engine's machine; null: nothing goes wrong but by the cloud's nature.</summary>
    public string? Scenario { get; init; }
}
