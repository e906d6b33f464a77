using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Load balancers, each with an endpoint of its own.</summary>
internal static class Balancers
{
    private const int FirstPort = 20_000;
    private const int Ports = 10_000;

    public static SimulatedKind<LoadBalancerSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.LoadBalancer,
        Prefix = "lb",
        Family = ApiFamily.Balancing,
        Making = Latency.Of(6, 20),
        Unmaking = Latency.Of(2, 6),
        ProblemOf = static spec => spec.IdleSeconds > 0 ? null : "A balancer's idle timeout is above zero.",
        ReferencesOf = static spec => spec.EdgeId is { } edge ? [edge, spec.NetworkId] : [spec.NetworkId],
        Outputs = static (made, spec, profile) => ResourceJson.Write(new LoadBalancerOutputs(made.Id, profile.HostOf(made.Id), spec.Port ?? PortOf(made))),
        Change = static (made, wanted) => made.NetworkId == wanted.NetworkId && made.EdgeId == wanted.EdgeId ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    private static int PortOf(CloudObject made)
    {
        SimulatedKinds.OfId(made.Id, out var number);
        return FirstPort + (int)(number % Ports);
    }
}
