using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Record sets: one for each zone, name and type.</summary>
internal static class RecordSets
{
    public static SimulatedKind<DnsRecordSetSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.DnsRecordSet,
        Prefix = "rrs",
        Family = ApiFamily.Dns,
        HasUniqueNames = true,
        NameOf = static (_, spec) => $"{spec.ZoneId}/{spec.Name}/{spec.Type}",
        ProblemOf = static spec => !DnsNames.IsName(spec.Name) ? $"{spec.Name} is no name."
            : spec.Values.IsDefaultOrEmpty ? $"The record set {spec.Name} has no values."
            : spec.Values.Select(v => DnsNames.Problem(spec.Type, v)).FirstOrDefault(p => p is not null),
        ReferencesOf = static spec => [spec.ZoneId],
        Outputs = static (_, spec, _) => ResourceJson.Write(new DnsRecordSetOutputs(spec.Name)),
        Change = static (made, wanted) => made.ZoneId == wanted.ZoneId && made.Name == wanted.Name && made.Type == wanted.Type ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
