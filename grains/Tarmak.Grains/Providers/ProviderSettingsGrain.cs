using System.Globalization;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;

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

        if (present is { Deleting: false } && present.Spec == spec && present.Labels.Count == labels.Count && !present.Labels.Except(labels).Any())
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

        var used = await UsedAsync();
        if (!used.Contains(name))
        {
            await RemoveAsync([name]);
        }
        else if (!present.Deleting)
        {
            await WriteAsync(new Dictionary<string, StoredProvider>(state.State.Providers) { [name] = present with { Deleting = true } });
        }

        return new AcceptResult { Action = "deleting", Generation = present.Generation };
    }

    /// <inheritdoc/>
    public async Task<string[]> LetGoAsync()
    {
        if (!state.State.Providers.Values.Any(p => p.Deleting))
        {
            return [];
        }

        var used = await UsedAsync();
        string[] gone = [.. state.State.Providers.Values.Where(p => p.Deleting && !used.Contains(p.Name)).Select(p => p.Name)];
        if (gone.Length > 0)
        {
            await RemoveAsync(gone);
        }

        return gone;
    }

    /// <summary>The providers that environments use, those on their way out included: they need them to leave.</summary>
    private async Task<HashSet<string>> UsedAsync()
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment), CancellationToken.None);
        return [.. page.Rows.Select(r => DesiredJson.Read<EnvironmentDesired>(r.Row.Spec).Environment?.Spec).OfType<EnvironmentSpec>()
            .SelectMany(spec => spec.Overrides.Values.Select(o => o.Provider).Prepend(spec.Provider))];
    }

    private async Task RemoveAsync(string[] names)
    {
        await WriteAsync(state.State.Providers.Where(p => !names.Contains(p.Key)).ToDictionary(StringComparer.Ordinal));
        foreach (var name in names)
        {
            catalog.Forget(name);
        }
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
