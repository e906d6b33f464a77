using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>The edge's place in a network.</summary>
internal static class EdgeAttachments
{
    public static SimulatedKind<EdgeAttachmentSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.EdgeAttachment,
        Prefix = "att",
        Family = ApiFamily.Network,
        ReferencesOf = static spec => [spec.EdgeId, spec.NetworkId],
        ClaimsOf = static (spec, _) => [Machines.ClaimOf(spec.NetworkId, spec.Address)],
        Outputs = static (_, spec, _) => ResourceJson.Write(new EdgeAttachmentOutputs(spec.Address)),
        Change = static (made, wanted) => made.NetworkId == wanted.NetworkId && made.EdgeId == wanted.EdgeId && made.Address == wanted.Address ? ChangeEffect.None : ChangeEffect.Replace,
    };
}
