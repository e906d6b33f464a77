using System.Globalization;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Environments;

namespace Tarmak.Grains.Providers;

/// <summary>Keeps the installation's provider manifests.</summary>
/// <param name="state">The stored manifests.</param>
/// <param name="inventory">Says which environments use a provider.</param>
/// <param name="catalog">The opened providers.</param>
/// <param name="time">The clock.</param>
[GrainType("tarmak.providers")]
public sealed class ProviderSettingsGrain(
    [PersistentState("providers", TarmakStorageNames.Settings)] IPersistentState<ProviderSettingsState> state,
    IInventory inventory, ProviderCatalog catalog, TimeProvider time) : Grain, IProviderSettingsGrain
{
    /// <inheritdoc/>
    public Task<StoredProvider[]> ListAsync() =>
        Task.FromResult(state.State.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public async Task<AcceptResult> PutAsync(string name, string spec, Dictionary<string, string> labels, string? resourceVersion)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var present = state.State.Providers.GetValueOrDefault(name);
        var version = (present?.Generation ?? 0).ToString(CultureInfo.InvariantCulture);
        if (resourceVersion is not null && resourceVersion != version)
        {
            return new AcceptResult
            {
                Refusal = $"metadata.resourceVersion of provider {name} is {resourceVersion}, but it is at {version}; get it again, or leave resourceVersion out.",
                Precondition = true,
            };
        }

        if (present is not null && present.Spec == spec && present.Labels.Count == labels.Count && !present.Labels.Except(labels).Any())
        {
            return new AcceptResult { Action = "unchanged", Generation = present.Generation };
        }

        var next = new StoredProvider
        {
            Name = name,
            Uid = present?.Uid ?? Guid.CreateVersion7().ToString("N"),
            Generation = present is null ? 1 : present.Generation + (present.Spec == spec ? 0 : 1),
            Spec = spec,
            Labels = labels,
            CreatedAt = present?.CreatedAt ?? time.GetUtcNow(),
        };
        await WriteAsync(new Dictionary<string, StoredProvider>(state.State.Providers) { [name] = next });
        if (present?.Spec != spec)
        {
            catalog.Forget(name);
        }

        return new AcceptResult { Action = present is null ? "created" : "changed", Generation = next.Generation };
    }

    /// <inheritdoc/>
    public async Task<AcceptResult> DeleteAsync(string name)
    {
        if (!state.State.Providers.TryGetValue(name, out var present))
        {
            return new AcceptResult { Action = "unchanged" };
        }

        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment), CancellationToken.None);
        var users = page.Rows.Where(r => DesiredJson.Read<EnvironmentDesired>(r.Row.Spec).Environment?.Spec.Provider == name)
            .Select(r => r.Row.Address.Key).ToList();
        if (users.Count > 0)
        {
            return new AcceptResult
            {
                Refusal = $"Provider {name} is used by environments {string.Join(", ", users)}; delete them first.",
                Precondition = true,
            };
        }

        var rest = new Dictionary<string, StoredProvider>(state.State.Providers);
        rest.Remove(name);
        await WriteAsync(rest);
        catalog.Forget(name);
        return new AcceptResult { Action = "deleting", Generation = present.Generation };
    }

    private async Task WriteAsync(Dictionary<string, StoredProvider> providers)
    {
        // What is in memory changes only with what is stored: a failed write leaves the old record in place.
        var before = state.State;
        state.State = before with { Providers = providers };
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            throw;
        }
    }
}
