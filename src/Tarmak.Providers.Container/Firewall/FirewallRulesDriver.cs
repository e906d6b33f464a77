using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>A group's rules: recorded first, then put in force in its machines, so that one that starts meanwhile has them too.</summary>
internal sealed class FirewallRulesDriver(FirewallStore groups, FirewallEnforcement enforcement) : ContainerDriver<FirewallRulesSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.FirewallRules,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None
            : ResourceJson.Read<FirewallRulesSpec>(made).GroupId == ResourceJson.Read<FirewallRulesSpec>(wanted).GroupId ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken)
    {
        if (groups.Find(spec.GroupId) is not { Rules: { } rules } group || !rules.Mark.IsThis(call))
        {
            return Gone();
        }

        if (!IsAs(rules, spec))
        {
            return Seen(Drifted(spec, $"The rules of firewall group {spec.GroupId} are others."));
        }

        var otherwise = await enforcement.OtherwiseAsync(spec.GroupId, group, cancellationToken).ConfigureAwait(false);
        return Seen(otherwise.Count == 0 ? Present(spec) : Drifted(spec, $"Other rules than those of firewall group {spec.GroupId} are in force in {string.Join(", ", otherwise)}."));
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken)
    {
        if (FirewallProblems.Of(spec.Rules) is { } problem)
        {
            return Refused(ErrorClass.InvalidSpec, problem);
        }

        var group = await groups.ChangeAsync(
            spec.GroupId,
            present =>
            {
                if (present is null)
                {
                    throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The firewall group {spec.GroupId} is gone.");
                }

                present.Rules?.Mark.RefuseOthers(call, "rules of firewall group", spec.GroupId);
                return present.Rules is { } rules && rules.Mark.IsThis(call) && IsAs(rules, spec)
                    ? present
                    : present with { Version = present.Version + 1, Rules = new RecordedRules(RecordedOwner.Of(call), spec.Rules) };
            },
            cancellationToken).ConfigureAwait(false);
        await enforcement.PutInForceAsync(spec.GroupId, group!, cancellationToken).ConfigureAwait(false);
        return Seen(Present(spec));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, FirewallRulesSpec spec, CancellationToken cancellationToken)
    {
        if (groups.Find(spec.GroupId) is { } group)
        {
            if (group.Rules?.Mark.IsThis(call) is true)
            {
                group = await groups.ChangeAsync(
                    spec.GroupId,
                    present => present?.Rules?.Mark.IsThis(call) is true ? present with { Version = present.Version + 1, Rules = null } : present,
                    cancellationToken).ConfigureAwait(false);
            }

            // Also where the record was closed before: whoever did it may have died before the machines were told.
            if (group is { Rules: null })
            {
                await enforcement.PutInForceAsync(spec.GroupId, group, cancellationToken).ConfigureAwait(false);
            }
        }

        return Gone();
    }

    private static bool IsAs(RecordedRules recorded, FirewallRulesSpec spec) =>
        ResourceJson.Write(new FirewallRulesSpec(spec.GroupId, recorded.Rules)) == ResourceJson.Write(spec);

    private static Observation Present(FirewallRulesSpec spec) => Observation.Present(Id(spec), Outputs(spec));

    private static Observation Drifted(FirewallRulesSpec spec, string detail) => Observation.Drifted(Id(spec), Outputs(spec), detail);

    private static string Id(FirewallRulesSpec spec) => $"{spec.GroupId}/rules";

    private static string Outputs(FirewallRulesSpec spec) => ResourceJson.Write(new FirewallRulesOutputs(spec.GroupId));
}
