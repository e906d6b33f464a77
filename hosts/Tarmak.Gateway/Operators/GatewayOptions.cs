namespace Tarmak.Gateway.Operators;

/// <summary>What a gateway is told about the engine it stands before.</summary>
public sealed record GatewayOptions
{
    /// <summary>Folder of the installation: the socket, the token and the endpoint's description are kept there.</summary>
    public required string Home { get; init; }

    /// <summary>Identity of the installation.</summary>
    public required string Installation { get; init; }

    /// <summary>Loopback port of the TLS endpoint; 0 takes a free one.</summary>
    public int LoopbackPort { get; init; }

    /// <summary>The Unix socket.</summary>
    public string SocketPath => Path.Combine(Home, "engine.sock");

    /// <summary>File that holds the bearer token of the TLS endpoint.</summary>
    public string TokenPath => Path.Combine(Home, "token");

    /// <summary>File that tells programs where the TLS endpoint is.</summary>
    public string DescriptionPath => Path.Combine(Home, "engine.json");

    /// <summary>Folder whose <c>*.pub</c> files are the operators' SSH keys.</summary>
    public string SshDirectory => Path.Combine(Home, "ssh");
}
