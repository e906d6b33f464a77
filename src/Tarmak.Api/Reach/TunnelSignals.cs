namespace Tarmak.Api.Reach;

/// <summary>
/// The bytes with which relay and engine speak on an idle tunnel. The relay speaks first: <see cref="Ping"/> is
/// answered with <see cref="Ping"/>, <see cref="Announce"/> with <see cref="Announce"/>; after that answer the tunnel
/// carries an agent's bytes and nothing else. The answer makes sure that no agent is given to a dead tunnel.
/// </summary>
public static class TunnelSignals
{
    /// <summary>Are you there.</summary>
    public const byte Ping = (byte)'P';

    /// <summary>An agent is connected.</summary>
    public const byte Announce = (byte)'A';

    /// <summary>How often the relay pings an idle tunnel.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>How long the engine hears nothing on an idle tunnel before it takes the relay for dead.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(40);
}
