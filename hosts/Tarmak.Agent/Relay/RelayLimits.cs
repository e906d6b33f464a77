namespace Tarmak.Agent.Relay;

/// <summary>What a relay bears before it turns connections away.</summary>
internal sealed record RelayLimits
{
    /// <summary>Agents that wait for a tunnel at one time.</summary>
    public int WaitingAgents { get; init; } = 256;

    /// <summary>Pairs of agent and tunnel at one time.</summary>
    public int Pairs { get; init; } = 1024;

    /// <summary>Agents' connections from one address: an agent has one, and another while its certificate is renewed.</summary>
    public int PairsOfOneAddress { get; init; } = 16;

    /// <summary>Idle tunnels kept; beyond it the oldest is closed.</summary>
    public int IdleTunnels { get; init; } = 64;

    /// <summary>Engine connections in their handshake at one time.</summary>
    public int Handshakes { get; init; } = 32;

    /// <summary>Of them, from one address: engines keep a few tunnels.</summary>
    public int HandshakesOfOneAddress { get; init; } = 12;

    /// <summary>How long an agent may say nothing after it has connected.</summary>
    public TimeSpan HelloLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an engine's handshake may last.</summary>
    public TimeSpan HandshakeLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an agent waits for a tunnel.</summary>
    public TimeSpan AgentWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an engine may take to answer a ping.</summary>
    public TimeSpan PingLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an engine may take to answer an announcement, before the next tunnel is tried.</summary>
    public TimeSpan AnnounceLimit { get; init; } = TimeSpan.FromSeconds(3);
}
