namespace Tarmak.Model.Manifests;

/// <summary>The environment's edge: where its balancers, DNS, SSH and relay are reached from outside.</summary>
public sealed record EdgeSpec
{
    /// <summary>Fewest ports an edge can do with.</summary>
    public const int FewestPorts = 12;

    /// <summary>Range of loopback ports, both ends included, as <c>21000-21031</c>; null lets the engine choose.</summary>
    public PortRange? Ports { get; init; }
}
