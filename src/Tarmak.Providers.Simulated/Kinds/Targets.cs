using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Targets of balancers; one leaves after it is drained.</summary>
internal static class Targets
{
    public static SimulatedKind<LoadBalancerTargetSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.LoadBalancerTarget,
        Prefix = "tgt",
        Family = ApiFamily.Balancing,
        Unmaking = Latency.Of(5, 20),
        ProblemOf = static spec => IPAddress.TryParse(spec.Address, out _) && spec.Port is > 0 and <= ushort.MaxValue ? null : $"{spec.Address}:{spec.Port} is no target.",
        ReferencesOf = static spec => [spec.LoadBalancerId],
        Outputs = static (made, _, _) => ResourceJson.Write(new LoadBalancerTargetOutputs(made.Id)),
        Change = static (made, wanted) => made.LoadBalancerId == wanted.LoadBalancerId ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
