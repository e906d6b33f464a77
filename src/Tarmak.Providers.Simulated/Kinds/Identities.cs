using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Who machines are at their cloud, and what they may call there. Of what the engine binds the cloud grants repositories by itself.</summary>
internal static class Identities
{
    /// <summary>Policies there are.</summary>
    public static readonly string[] Policies = ["metrics", "inventory"];

    private static readonly string[] Verbs = [GrantVerbs.Pull, GrantVerbs.Push];

    public static SimulatedKind<AccessIdentitySpec> Kind { get; } = new()
    {
        Name = ResourceKinds.AccessIdentity,
        Prefix = "idn",
        Family = ApiFamily.Compute,
        WhileInUse = ErrorClass.DependencyMissing,
        Making = Latency.Of(1, 5),
        ProblemOf = static spec => spec.Policies.FirstOrDefault(p => !Policies.Contains(p)) is { } unknown ? $"There is no policy {unknown}; take one of {string.Join(", ", Policies)}."
            : spec.Grants.FirstOrDefault(g => GrantPaths.RepositoryOf(g.Path) is null || g.Verbs.Any(v => !Verbs.Contains(v))) is { } grant
                ? $"This cloud grants nothing by itself but to {string.Join(" and ", Verbs)} images, and so not to {string.Join(", ", grant.Verbs)} {grant.Path}; the engine does." : null,
        Outputs = static (made, _, _) => ResourceJson.Write(new AccessIdentityOutputs(made.Id)),
        Change = static (made, wanted) => made.Instance == wanted.Instance && made.InstanceUid == wanted.InstanceUid ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
