using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Firewall groups. One stays while a machine is in it or rules are about it.</summary>
internal static class FirewallGroups
{
    public static SimulatedKind<FirewallGroupSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.FirewallGroup,
        Prefix = "fwg",
        Family = ApiFamily.Network,
        WhileInUse = ErrorClass.DependencyMissing,
        ReferencesOf = static spec => [spec.NetworkId],
        Outputs = static (made, _, _) => ResourceJson.Write(new FirewallGroupOutputs(made.Id)),
        Change = static (made, wanted) => made.NetworkId == wanted.NetworkId ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
