using System.Collections.Immutable;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Moves;

/// <summary>Says where what can move is, from what an environment's machines committed.</summary>
/// <param name="inventory">Has the environments, their bindings and copies.</param>
internal sealed class BindingPlaces(IInventory inventory)
{
    /// <summary>The wish of an environment.</summary>
    /// <exception cref="ProviderException">There is no such environment.</exception>
    public async Task<EnvironmentDesired> EnvironmentAsync(string environment, CancellationToken cancellationToken) =>
        await RowAsync(MachineAddress.OfEnvironment(environment), cancellationToken).ConfigureAwait(false) is { } row
            && DesiredJson.Read<EnvironmentDesired>(row.Spec) is { Environment: not null } desired
            ? desired
            : throw new ProviderException(ErrorClass.DependencyMissing, $"There is no environment {environment}.");

    /// <summary>The place in force and its number; null where none was ever recorded, because nothing was ever bound anew.</summary>
    public async Task<BindingOutputs?> RecordedAsync(string environment, string key, CancellationToken cancellationToken) =>
        await RowAsync(Binding(environment, key), cancellationToken).ConfigureAwait(false) is { Outputs: { } outputs } ? ResourceJson.Read<BindingOutputs>(outputs) : null;

    /// <summary>Where something is.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="key">The capability or use.</param>
    /// <param name="copyKind">Kind of the machines that make copies of it.</param>
    /// <param name="copyTitle">Name of such a machine at the first place.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ProviderException">There is no such environment.</exception>
    public async Task<PlacedBinding> FindAsync(string environment, string key, string copyKind, string copyTitle, CancellationToken cancellationToken)
    {
        var desired = await EnvironmentAsync(environment, cancellationToken).ConfigureAwait(false);
        var bound = BoundPlace.Of(new Bindings(desired.Environment!.Spec), key)!;
        if (desired.Places?.GetValueOrDefault(key) is not { IsDefaultOrEmpty: false } places)
        {
            return new PlacedBinding(0, [bound], []);
        }

        var row = await RowAsync(Binding(environment, key), cancellationToken).ConfigureAwait(false);
        var inForce = row?.Outputs is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs).Place : 0;

        // While the binding is at rest nothing but the place it is bound to can be in force next.
        var isSettled = row is null or { Phase: Phase.Ready } && row?.Generation == row?.ObservedGeneration;
        var copies = ImmutableArray.CreateBuilder<int>();
        for (var place = 0; place < places.Length; place++)
        {
            var copy = MachineAddress.OfEnvironment(environment).Capability(copyKind, BoundPlace.TitleOf(copyTitle, place));
            if (place != inForce && (!isSettled || places[place] == bound)
                && await RowAsync(copy, cancellationToken).ConfigureAwait(false) is { Outputs: not null, Deleting: false })
            {
                copies.Add(place);
            }
        }

        return new PlacedBinding(inForce, places, copies.ToImmutable());
    }

    /// <summary>What a machine committed; null where there is none.</summary>
    public async Task<InventoryRow?> RowAsync(MachineAddress address, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(address.Kind, Key: address.Key), cancellationToken).ConfigureAwait(false);
        return page.Rows.Select(r => r.Row).FirstOrDefault();
    }

    private static MachineAddress Binding(string environment, string key) => MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.Binding, key);
}
