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

    /// <summary>The policy that lets an instance push to the repositories it may pull from.</summary>
    public const string RegistryPush = "registry-push";

    /// <summary>The policies there are.</summary>
    public static IReadOnlyList<string> Policies { get; } = [RegistryPush];

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(AccessIdentitySpec spec) => spec.EdgeId;

    protected override string? Problem(AccessIdentitySpec spec) =>
        !IsIdentity(spec.InstanceUid) ? $"{spec.Instance} has an identity that no certificate can have."
        : spec.Policies.FirstOrDefault(p => !Policies.Contains(p)) is { } policy ? $"There is no policy {policy} that {spec.Instance} could have; there is {string.Join(", ", Policies)}."
        : spec.Grants.FirstOrDefault(g => GrantPaths.RepositoryOf(g.Path) is not { } name || !RepositoryNames.IsName(name)) is { } path
            ? $"{path.Path} cannot be granted to {spec.Instance} by this provider itself."
        : spec.Grants.FirstOrDefault(g => g.Verbs.Any(v => v is not (GrantVerbs.Pull or GrantVerbs.Push))) is { } grant
            ? $"What {spec.Instance} may do with {grant.Path} is {GrantVerbs.Pull} or {GrantVerbs.Push}, and not {string.Join(", ", grant.Verbs)}."
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

    // It stands in the balancer's configuration.
    private static bool IsIdentity(string uid) => uid.Length is > 0 and <= 64 && uid.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsAs(EdgeIdentity identity, AccessIdentitySpec spec) => ResourceJson.Write(identity.Spec) == ResourceJson.Write(Lasting(spec));

    // The edge's container may be another tomorrow, and what an instance may call is the same.
    private static AccessIdentitySpec Lasting(AccessIdentitySpec spec) => spec with { EdgeId = null };
}
