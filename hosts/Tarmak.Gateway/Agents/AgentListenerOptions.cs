namespace Tarmak.Gateway.Agents;

/// <summary>Where the agents' contract is served.</summary>
public sealed record AgentListenerOptions
{
    /// <summary>Directory (made with mode 0700) of the Unix socket that relays' tunnels lead to.</summary>
    public required string SocketDirectory { get; init; }
}
