namespace Tarmak.Providers.Simulated.Calls;

/// <summary>What somebody sends.</summary>
/// <param name="To">The address it is for.</param>
/// <param name="Protocol">One of <see cref="Model.Resources.FirewallProtocols"/>.</param>
/// <param name="Port">The port, of tcp and udp.</param>
internal sealed record CloudPacket(string To, string Protocol, int? Port);
