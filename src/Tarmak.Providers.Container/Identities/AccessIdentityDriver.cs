using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Identities;

/// <summary>Identities: entries in the edge's state, by the common name of the instance's certificate. Machines are started as nobody.</summary>
internal sealed class AccessIdentityDriver(EdgeStore edges) : EdgeObjectDriver<AccessIdentitySpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.AccessIdentity,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(AccessIdentitySpec spec) => spec.EdgeId;

    protected override string? Problem(AccessIdentitySpec spec) =>
        spec.Policies.FirstOrDefault() is { } policy ? $"There is no policy {policy} that {spec.Instance} could have; this provider knows none."
        : spec.Grants.FirstOrDefault() is { } grant ? $"{grant.Path} cannot be granted to {spec.Instance} by this provider itself."
        : null;

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, AccessIdentitySpec spec)
    {
        if (!edge.State.Identities.TryGetValue(call.Name, out var identity) || !identity.Mark.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{edge.Name}/{call.Name}";
        var outputs = ResourceJson.Write(new AccessIdentityOutputs(null));
        return IsAs(identity, spec) ? Observation.Present(id, outputs) : Observation.Drifted(id, outputs, $"What {spec.Instance} may call is recorded otherwise.");
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, AccessIdentitySpec spec)
    {
        if (edge.State.Identities.TryGetValue(call.Name, out var identity))
        {
            identity.Mark.RefuseOthers(call, "identity", call.Name);
            if (identity.Mark.IsThis(call) && IsAs(identity, spec))
            {
                return edge.State;
            }
        }

        return edge.State with { Identities = edge.State.Identities.SetItem(call.Name, new EdgeIdentity(RecordedOwner.Of(call), Lasting(spec))) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, AccessIdentitySpec spec) =>
        edge.State.Identities.TryGetValue(call.Name, out var identity) && identity.Mark.IsThis(call)
            ? edge.State with { Identities = edge.State.Identities.Remove(call.Name) }
            : edge.State;

    private static bool IsAs(EdgeIdentity identity, AccessIdentitySpec spec) => ResourceJson.Write(identity.Spec) == ResourceJson.Write(Lasting(spec));

    // The edge's container may be another tomorrow, and what an instance may call is the same.
    private static AccessIdentitySpec Lasting(AccessIdentitySpec spec) => spec with { EdgeId = null };
}
