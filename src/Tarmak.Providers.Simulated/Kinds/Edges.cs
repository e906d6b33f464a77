using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Edges. Nothing answers at their addresses.</summary>
internal static class Edges
{
    private const int RelayPort = 7443;
    private const string DefaultPorts = "20000-29999";

    public static SimulatedKind<EdgeSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.Edge,
        Prefix = "edge",
        Family = ApiFamily.Compute,
        Making = Latency.Of(8, 30),
        Unmaking = Latency.Of(3, 10),
        ReferencesOf = static spec => [spec.ImageId, spec.OuterNetworkId],
        Outputs = static (made, spec, profile) =>
        {
            var host = profile.HostOf(made.Id);
            return ResourceJson.Write(new EdgeOutputs(made.Id, $"{host}:{RelayPort}", $"{host}:53", host, spec.Ports ?? DefaultPorts, RelayPort));
        },
        Change = static (_, _) => ChangeEffect.Replace,
    };
}
