using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Who machines are at their cloud, and what they may call there. The cloud grants nothing of the engine's stores by itself.</summary>
internal static class Identities
{
    /// <summary>Policies there are.</summary>
    public static readonly string[] Policies = ["metrics", "inventory"];

    public static SimulatedKind<AccessIdentitySpec> Kind { get; } = new()
    {
        Name = ResourceKinds.AccessIdentity,
        Prefix = "idn",
        Family = ApiFamily.Compute,
        WhileInUse = ErrorClass.DependencyMissing,
        Making = Latency.Of(1, 5),
        ProblemOf = static spec => spec.Policies.FirstOrDefault(p => !Policies.Contains(p)) is { } unknown ? $"There is no policy {unknown}; take one of {string.Join(", ", Policies)}."
            : spec.Grants is [var grant, ..] ? $"This cloud grants nothing by itself, and so not {grant.Path}; the engine does." : null,
        Outputs = static (made, _, _) => ResourceJson.Write(new AccessIdentityOutputs(made.Id)),
        Change = static (made, wanted) => made.Instance == wanted.Instance && made.InstanceUid == wanted.InstanceUid ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
