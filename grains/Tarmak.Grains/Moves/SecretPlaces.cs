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

/// <summary>Says where an environment's secrets are, from what its machines committed.</summary>
/// <param name="inventory">Has the environments, their bindings and copies.</param>
public sealed class SecretPlaces(IInventory inventory)
{
    /// <summary>The wish of an environment.</summary>
    internal async Task<EnvironmentDesired> EnvironmentAsync(string environment, CancellationToken cancellationToken) =>
        await RowAsync(MachineAddress.OfEnvironment(environment), cancellationToken).ConfigureAwait(false) is { } row
            && DesiredJson.Read<EnvironmentDesired>(row.Spec) is { Environment: not null } desired
            ? desired
            : throw new ProviderException(ErrorClass.DependencyMissing, $"There is no environment {environment}.");

    /// <summary>The place in force and its number; null where none was ever recorded, because nothing was ever bound anew.</summary>
    internal async Task<BindingOutputs?> RecordedAsync(string environment, CancellationToken cancellationToken) =>
        await RowAsync(Binding(environment), cancellationToken).ConfigureAwait(false) is { Outputs: { } outputs } ? ResourceJson.Read<BindingOutputs>(outputs) : null;

    /// <summary>Where the secrets are.</summary>
    internal async Task<PlacedSecrets> FindAsync(string environment, CancellationToken cancellationToken)
    {
        var desired = await EnvironmentAsync(environment, cancellationToken).ConfigureAwait(false);
        var bound = BoundPlace.Of(new Bindings(desired.Environment!.Spec), CapabilityNames.SecretStore)!;
        if (desired.Places?.GetValueOrDefault(CapabilityNames.SecretStore) is not { IsDefaultOrEmpty: false } places)
        {
            return new PlacedSecrets(0, bound.Provider, []);
        }

        var row = await RowAsync(Binding(environment), cancellationToken).ConfigureAwait(false);
        var inForce = row?.Outputs is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs).Place : 0;

        // While the binding is at rest nothing but the place it is bound to can be in force next.
        var isSettled = row is null or { Phase: Phase.Ready } && row?.Generation == row?.ObservedGeneration;
        var copies = ImmutableArray.CreateBuilder<string>();
        for (var place = 0; place < places.Length; place++)
        {
            if (place != inForce && (!isSettled || places[place] == bound)
                && await RowAsync(Copy(environment, place), cancellationToken).ConfigureAwait(false) is { Outputs: not null, Deleting: false })
            {
                copies.Add(places[place].Provider);
            }
        }

        return new PlacedSecrets(inForce, places[inForce].Provider, copies.ToImmutable());
    }

    private static MachineAddress Binding(string environment) =>
        MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.Binding, CapabilityNames.SecretStore);

    private static MachineAddress Copy(string environment, int place) =>
        MachineAddress.OfEnvironment(environment).Capability(ResourceKinds.SecretCopy, BoundPlace.TitleOf("main", place));

    private async Task<InventoryRow?> RowAsync(MachineAddress address, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(address.Kind, Key: address.Key), cancellationToken).ConfigureAwait(false);
        return page.Rows.Select(r => r.Row).FirstOrDefault();
    }
}
