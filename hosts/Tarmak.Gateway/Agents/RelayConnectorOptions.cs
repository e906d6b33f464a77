namespace Tarmak.Gateway.Agents;

/// <summary>How the engine keeps its tunnels to a relay.</summary>
public sealed record RelayConnectorOptions
{
    /// <summary>Idle tunnels kept open: so many agents may connect at the same instant.</summary>
    public int IdleTunnels { get; init; } = 4;

    /// <summary>How long dialling and the handshake may last.</summary>
    public TimeSpan DialLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);
}
