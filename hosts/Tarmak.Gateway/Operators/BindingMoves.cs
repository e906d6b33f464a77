using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Tells how far a binding is on its way to another place, from what the machines committed.</summary>
internal sealed class BindingMoves(IInventory inventory)
{
    /// <summary>The move of a binding.</summary>
    /// <param name="environment">Environment name.</param>
    /// <param name="desired">Its wish.</param>
    /// <param name="key">The capability or use.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The move; null where all is where it is bound to.</returns>
    public async Task<V1.BindingMove?> FindAsync(string environment, EnvironmentDesired desired, string key, CancellationToken cancellationToken)
    {
        if (desired.Places?.GetValueOrDefault(key) is not { IsDefaultOrEmpty: false } places
            || BoundPlace.Of(new Bindings(desired.Environment!.Spec), key) is not { } bound)
        {
            return null;
        }

        var (kinds, title) = key switch
        {
            CapabilityNames.SecretStore => ((string[])[ResourceKinds.SecretCopy], "main"),
            CapabilityNames.Dns => ([ResourceKinds.DnsZone], "public"),
            _ when BoundPlace.CopiedUses.Contains(key) => ([ResourceKinds.Bucket, ResourceKinds.ObjectCopy], key),
            _ => ([ResourceKinds.Bucket], key),
        };
        var owner = MachineAddress.OfEnvironment(environment);
        var bindings = (await RowsAsync(environment, ResourceKinds.Binding, cancellationToken)).Where(r => r.Address.Name == key).ToList();
        var binding = bindings.FirstOrDefault(r => r.Address.OwnerKey == environment);
        var wanted = places.IndexOf(bound);
        var inForce = PlaceOf(binding) ?? 0;
        List<InventoryRow> objects = [];
        foreach (var kind in kinds)
        {
            objects.AddRange((await RowsAsync(environment, kind, cancellationToken)).Where(r => r.Address.OwnerKey == environment));
        }

        if (binding is null || inForce != wanted)
        {
            var targets = kinds.Select(kind => objects.FirstOrDefault(r => r.Address == owner.Capability(kind, BoundPlace.TitleOf(title, wanted)))).ToList();
            return targets.TrueForAll(t => t is { Phase: Phase.Ready })
                ? Move(places[inForce], "verifying", binding)
                : Move(places[inForce], "copying", targets.First(t => t is not { Phase: Phase.Ready }));
        }

        if (bindings.FirstOrDefault(r => r.Phase != Phase.Ready || PlaceOf(r) != wanted) is { } late)
        {
            return Move(places[inForce], "cutting over", late);
        }

        var titles = Enumerable.Range(0, places.Length).Where(place => place != wanted).Select(place => BoundPlace.TitleOf(title, place)).ToHashSet(StringComparer.Ordinal);
        return objects.FirstOrDefault(r => titles.Contains(r.Address.Name)) is { } former ? Move(places[inForce], "leaving", former) : null;
    }

    private static int? PlaceOf(InventoryRow? binding) => binding?.Outputs is { } outputs ? ResourceJson.Read<BindingOutputs>(outputs).Place : null;

    private static V1.BindingMove Move(BoundPlace inForce, string phase, InventoryRow? waitsFor) =>
        new() { ServedBy = inForce.Provider, Phase = phase, Detail = waitsFor?.Condition?.Message ?? "" };

    private async Task<IEnumerable<InventoryRow>> RowsAsync(string environment, string kind, CancellationToken cancellationToken) =>
        (await inventory.ListAsync(new InventoryQuery(MachineKind.Capability, Environment: environment, ResourceKind: kind), cancellationToken)).Rows.Select(r => r.Row);
}
