using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A firewall as it should be.</summary>
internal sealed class MemoryFirewall : IFirewall
{
    public MemoryFirewall(Func<string, bool>? isInUse = null)
    {
        MadeGroups = new MemoryGroups(isInUse ?? (static _ => false));
        MadeRules = new MemoryRules(MadeGroups);
    }

    public MemoryGroups MadeGroups { get; }

    public IResourceDriver<FirewallGroupSpec> Groups => MadeGroups;

    public MemoryRules MadeRules { get; init; }

    public IResourceDriver<FirewallRulesSpec> Rules => MadeRules;
}

/// <summary>Groups as they should be.</summary>
internal sealed class MemoryGroups(Func<string, bool> isInUse) : MemoryDriver<FirewallGroupSpec>(ResourceKinds.FirewallGroup)
{
    public override Task<StepOutcome> DeleteAsync(ResourceCall call, FirewallGroupSpec spec, CancellationToken cancellationToken) =>
        call.ObjectId is { } id && isInUse(id)
            ? Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.DependencyMissing, $"Machines are in {id}."))
            : base.DeleteAsync(call, spec, cancellationToken);

    protected override string Outputs(string id) => ResourceJson.Write(new FirewallGroupOutputs(id));
}

/// <summary>Rules as they should be: one whole for each group.</summary>
internal class MemoryRules(MemoryGroups groups) : MemoryDriver<FirewallRulesSpec>(ResourceKinds.FirewallRules)
{
    private readonly Dictionary<string, FirewallRulesSpec> written = new(StringComparer.Ordinal);

    /// <summary>What is open to a group's machines.</summary>
    public virtual IEnumerable<FirewallRule> InForce(string groupId)
    {
        lock (Gate)
        {
            return Objects.ContainsKey(groupId) ? written[groupId].Rules : [];
        }
    }

    public override async Task<StepOutcome> ObserveAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken)
    {
        var seen = await base.ObserveAsync(At(call, spec), spec, cancellationToken);
        lock (Gate)
        {
            return seen is StepOutcome.Succeeded { Observation: { Exists: true } there } && !AreSame(written[spec.GroupId], spec)
                ? new StepOutcome.Succeeded(Observation.Drifted(there.ObjectId!, there.Outputs!, "They are others."))
                : seen;
        }
    }

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken)
    {
        if (Problem(spec) is { } problem)
        {
            return new StepOutcome.Failed(ErrorClass.InvalidSpec, problem);
        }

        if (Looks && !groups.Has(spec.GroupId))
        {
            return new StepOutcome.Failed(ErrorClass.DependencyMissing, $"There is no group {spec.GroupId}; make it.");
        }

        var made = await base.EnsureAsync(At(call, spec), spec, cancellationToken);
        if (made is StepOutcome.Succeeded)
        {
            lock (Gate)
            {
                written[spec.GroupId] = Merged(written.GetValueOrDefault(spec.GroupId), spec);
            }
        }

        return made;
    }

    public override Task<StepOutcome> DeleteAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken) =>
        base.DeleteAsync(At(call, spec), spec, cancellationToken);

    protected virtual bool Looks => true;

    protected virtual FirewallRulesSpec Merged(FirewallRulesSpec? there, FirewallRulesSpec wanted) => wanted;

    protected virtual bool AreSame(FirewallRulesSpec there, FirewallRulesSpec wanted) => ResourceJson.Write(there) == ResourceJson.Write(wanted);

    protected virtual string? Problem(FirewallRulesSpec spec) =>
        spec.Rules.Any(r => r.From.Addresses.Any(a => !Cidr.TryParse(a, out _)) || r.Ports.Any(p => p is < 1 or > ushort.MaxValue)) ? "A rule names what is no address or no port." : null;

    protected override string Outputs(string id) => ResourceJson.Write(new FirewallRulesOutputs(id));

    private static ResourceCall At(ResourceCall call, FirewallRulesSpec spec) => call with { Name = spec.GroupId };
}
