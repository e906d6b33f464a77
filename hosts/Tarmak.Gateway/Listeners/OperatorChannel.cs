namespace Tarmak.Gateway.Listeners;

/// <summary>Feature of a connection that came in on one of the operators' listeners. Other listeners' connections have none.</summary>
/// <param name="Kind">Which listener.</param>
internal sealed record OperatorChannel(OperatorChannelKind Kind);
