using System.Collections.Immutable;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Environments;

namespace Tarmak.Gateway.Operators;

/// <summary>Reads what is declared: environments and clusters from the inventory, providers from their settings.</summary>
internal sealed class DeclarationReader(IInventory inventory, IGrainFactory grains)
{
    public async Task<Declarations> ReadAsync(CancellationToken cancellationToken)
    {
        var providers = await ProvidersAsync(cancellationToken);
        return await ReadAsync(inventory, providers, cancellationToken);
    }

    public static async Task<Declarations> ReadAsync(IInventory inventory, IReadOnlyList<StoredProvider> providers, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment), cancellationToken);
        return new Declarations(
            providers,
            page.Rows
                .Select(r => new DeclaredEnvironment(
                    r.Row.Address.Name, DesiredJson.Read<EnvironmentDesired>(r.Row.Spec), r.Row.Deleting))
                .ToImmutableSortedDictionary(e => e.Name, e => e, StringComparer.Ordinal));
    }

    public async Task<IReadOnlyList<StoredProvider>> ProvidersAsync(CancellationToken cancellationToken) =>
        await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).ListAsync().WaitAsync(cancellationToken);
}
