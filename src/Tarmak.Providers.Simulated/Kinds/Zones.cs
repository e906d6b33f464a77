using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>DNS zones. As at most clouds there may be several of one name.</summary>
internal static class Zones
{
    public static SimulatedKind<DnsZoneSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.DnsZone,
        Prefix = "zone",
        Family = ApiFamily.Dns,
        ProblemOf = static spec => DnsNames.IsName(spec.Zone) ? null : $"{spec.Zone} is no name of a zone.",
        ReferencesOf = static spec => spec.EdgeId is { } edge ? [edge] : [],
        Outputs = static (made, _, _) => ResourceJson.Write(new DnsZoneOutputs(made.Id)),
        Change = static (made, wanted) => made.Zone == wanted.Zone ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
