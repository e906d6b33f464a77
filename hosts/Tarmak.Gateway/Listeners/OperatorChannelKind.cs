namespace Tarmak.Gateway.Listeners;

/// <summary>How an operator's connection came in.</summary>
internal enum OperatorChannelKind
{
    /// <summary>Over the Unix socket: whoever may open it is the operator.</summary>
    Socket,

    /// <summary>Over loopback TLS: every request shows the token.</summary>
    Loopback,
}
