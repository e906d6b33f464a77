using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>Groups: records of this provider. Their ids are their names.</summary>
internal sealed class FirewallGroupDriver(FirewallStore groups, FirewallEnforcement enforcement) : ContainerDriver<FirewallGroupSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.FirewallGroup,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override Task<StepOutcome> ObserveCoreAsync(ResourceCall call, FirewallGroupSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult(groups.Find(call.Name) is { } group && group.Mark.IsThis(call)
            ? Seen(group.Spec == spec ? Present(call.Name) : Observation.Drifted(call.Name, Outputs(call.Name), $"The firewall group {call.Name} is recorded otherwise."))
            : Gone());

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, FirewallGroupSpec spec, CancellationToken cancellationToken)
    {
        await groups.ChangeAsync(
            call.Name,
            present =>
            {
                present?.Mark.RefuseOthers(call, "firewall group", call.Name);
                return present is null || !present.Mark.IsThis(call) ? new FirewallGroup { Mark = RecordedOwner.Of(call), Spec = spec, Version = (present?.Version ?? 0) + 1 }
                    : present.Spec == spec ? present : present with { Spec = spec };
            },
            cancellationToken).ConfigureAwait(false);
        return Seen(Present(call.Name));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, FirewallGroupSpec spec, CancellationToken cancellationToken)
    {
        var name = call.ObjectId ?? call.Name;
        if (groups.Find(name)?.Mark.IsThis(call) is true)
        {
            if (await enforcement.HasMachinesAsync(name, cancellationToken).ConfigureAwait(false))
            {
                return Refused(ErrorClass.DependencyMissing, $"Machines are in firewall group {name}; it goes after them.");
            }

            await groups.ChangeAsync(name, present => present?.Mark.IsThis(call) is true ? null : present, cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }

    private static Observation Present(string name) => Observation.Present(name, Outputs(name));

    private static string Outputs(string name) => ResourceJson.Write(new FirewallGroupOutputs(name));
}
