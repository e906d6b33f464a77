using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Identities as they should be.</summary>
internal class MemoryIdentities() : MemoryDriver<AccessIdentitySpec>(ResourceKinds.AccessIdentity), IAccessIdentity
{
    private readonly Dictionary<string, AccessIdentitySpec> written = new(StringComparer.Ordinal);

    public IResourceDriver<AccessIdentitySpec> Identities => this;

    public override ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.AccessIdentity,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    public override async Task<StepOutcome> ObserveAsync(ResourceCall call, AccessIdentitySpec spec, CancellationToken cancellationToken)
    {
        var seen = await base.ObserveAsync(call, spec, cancellationToken);
        lock (Gate)
        {
            return seen is StepOutcome.Succeeded { Observation: { Exists: true } there } && !AreSame(written[call.Name], spec)
                ? new StepOutcome.Succeeded(Observation.Drifted(there.ObjectId!, there.Outputs!, "It may do other things."))
                : seen;
        }
    }

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, AccessIdentitySpec spec, CancellationToken cancellationToken)
    {
        if (Problem(spec) is { } problem)
        {
            return new StepOutcome.Failed(ErrorClass.InvalidSpec, problem);
        }

        lock (Gate)
        {
            // Before it is seen to be there.
            if (Own(call) is not null || !Objects.ContainsKey(call.Name))
            {
                written[call.Name] = spec;
            }
        }

        return await base.EnsureAsync(call, spec, cancellationToken);
    }

    /// <summary>What an identity was granted.</summary>
    public virtual IReadOnlyList<InstanceGrant> GrantsOf(string identityId)
    {
        lock (Gate)
        {
            return [.. Objects.Where(o => o.Value.Id == identityId).SelectMany(o => written[o.Key].Grants)];
        }
    }

    protected virtual string? Problem(AccessIdentitySpec spec) =>
        spec.Policies.IsEmpty && spec.Grants.All(g => GrantPaths.RepositoryOf(g.Path) is not null) ? null : "It asks for what nobody here knows.";

    protected virtual bool AreSame(AccessIdentitySpec there, AccessIdentitySpec wanted) => ResourceJson.Write(there) == ResourceJson.Write(wanted);

    protected override string Outputs(string id) => ResourceJson.Write(new AccessIdentityOutputs(id));
}
