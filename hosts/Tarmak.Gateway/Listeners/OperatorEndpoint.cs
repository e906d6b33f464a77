namespace Tarmak.Gateway.Listeners;

/// <summary>Metadata of endpoints that are for operators, and answered on their listeners only.</summary>
internal sealed class OperatorEndpoint;
