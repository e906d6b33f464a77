using System.Globalization;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;

namespace Tarmak.Grains.Providers;

/// <summary>Keeps the installation's provider manifests.</summary>
/// <param name="state">The stored manifests.</param>
/// <param name="inventory">Says which environments use a provider.</param>
/// <param name="answers">The answered requests.</param>
/// <param name="catalog">The opened providers.</param>
/// <param name="time">The clock.</param>
[GrainType("tarmak.providers")]
public sealed class ProviderSettingsGrain(
    [PersistentState("providers", TarmakStorageNames.Settings)] IPersistentState<ProviderSettingsState> state,
    IInventory inventory, IAnsweredRequests answers, ProviderCatalog catalog, TimeProvider time) : Grain, IProviderSettingsGrain
{
    /// <inheritdoc/>
    public Task<StoredProvider[]> ListAsync() =>
        Task.FromResult(state.State.Providers.Values.OrderBy(p => p.Name, StringComparer.Ordinal).ToArray());

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken) => RememberLastAsync();

    /// <inheritdoc/>
    public async Task<AcceptResult> PutAsync(PutProvider command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (await AnsweredAsync(command.RequestId) is { } answered)
        {
            return answered;
        }

        var name = command.Name;
        var present = state.State.Providers.GetValueOrDefault(name);
        var version = (present?.Version ?? 0).ToString(CultureInfo.InvariantCulture);
        if (command.ResourceVersion is { } wanted && wanted != version)
        {
            return Refused($"metadata.resourceVersion of provider {name} is {wanted}, but it is at {version}; get it again, or leave resourceVersion out.");
        }

        if (present is { Deleting: false } && present.Spec == command.Spec && Same(present.Labels, command.Labels) && Same(present.Annotations, command.Annotations))
        {
            return await RememberedAsync(command.RequestId, "unchanged", present.Generation);
        }

        var next = new StoredProvider
        {
            Name = name,
            Uid = present?.Uid ?? Guid.CreateVersion7().ToString("N"),
            Generation = present is null ? 1 : present.Generation + (present.Spec == command.Spec ? 0 : 1),
            Spec = command.Spec,
            Labels = command.Labels,
            Annotations = command.Annotations,
            CreatedAt = present?.CreatedAt ?? time.GetUtcNow(),
            Version = state.State.Changes + 1,
        };
        return await WriteAsync(With(next) with { Changes = next.Version }, command.RequestId, present is null ? "created" : "changed", next.Generation);
    }

    /// <inheritdoc/>
    public async Task<AcceptResult> DeleteAsync(string name, string? requestId = null)
    {
        requestId ??= Guid.NewGuid().ToString("N");
        if (await AnsweredAsync(requestId) is { } answered)
        {
            return answered;
        }

        if (!state.State.Providers.TryGetValue(name, out var present))
        {
            return await RememberedAsync(requestId, "absent", 0);
        }

        var used = await UsedAsync();
        if (!used.Contains(name))
        {
            await RemoveFilesAsync(present);
            return await WriteAsync(Without([name]), requestId, "deleting", present.Generation);
        }

        return present.Deleting
            ? await RememberedAsync(requestId, "deleting", present.Generation)
            : await WriteAsync(With(present with { Deleting = true }), requestId, "deleting", present.Generation);
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
            await Task.WhenAll(gone.Select(name => RemoveFilesAsync(state.State.Providers[name])));
            await WriteAsync(Without(gone));
        }

        return gone;
    }

    // Before the record goes: what a crash leaves is removed when the deletion is asked for again.
    private Task RemoveFilesAsync(StoredProvider provider) => catalog.RemoveFilesAsync(provider.Name, provider.Spec, CancellationToken.None);

    private static bool Same(Dictionary<string, string> left, Dictionary<string, string> right) =>
        left.Count == right.Count && !left.Except(right).Any();

    private static AcceptResult Refused(string why) => new() { Refusal = why, Precondition = true };

    private ProviderSettingsState With(StoredProvider provider) =>
        state.State with { Providers = new Dictionary<string, StoredProvider>(state.State.Providers) { [provider.Name] = provider } };

    private ProviderSettingsState Without(string[] names) =>
        state.State with { Providers = state.State.Providers.Where(p => !names.Contains(p.Key)).ToDictionary(StringComparer.Ordinal) };

    /// <summary>The providers that environments use, those on their way out included: they need them to leave.</summary>
    private async Task<HashSet<string>> UsedAsync()
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment), CancellationToken.None);
        var environments = page.Rows.Select(r => (Name: r.Row.Address.Key, Desired: DesiredJson.Read<EnvironmentDesired>(r.Row.Spec))).ToList();
        HashSet<string> used = [.. environments.Select(e => e.Desired.Environment?.Spec).OfType<EnvironmentSpec>()
            .SelectMany(spec => spec.Overrides.Values.Select(o => o.Provider).Prepend(spec.Provider))];
        foreach (var (name, _) in environments.Where(e => e.Desired.Places is not null))
        {
            // What was moved away from a provider may not all have left it.
            var kept = await inventory.ListAsync(new InventoryQuery(MachineKind.Capability, Environment: name), CancellationToken.None);
            used.UnionWith(kept.Rows.Select(r => r.Row.Provider).OfType<string>());
        }

        return used;
    }

    private async Task<AcceptResult?> AnsweredAsync(string requestId)
    {
        await RememberLastAsync();
        return (await answers.FindAsync(requestId, CancellationToken.None))?.ToResult();
    }

    /// <summary>Orleans keeps this grain's record in a transaction of its own; here the answer in it comes to the others.</summary>
    private Task RememberLastAsync() =>
        state.State.LastAnswer is { } last ? answers.RememberAsync(last, CancellationToken.None) : Task.CompletedTask;

    private async Task<AcceptResult> RememberedAsync(string requestId, string action, long generation)
    {
        var answered = new AnsweredRequest { RequestId = requestId, Action = action, Generation = generation };
        await answers.RememberAsync(answered, CancellationToken.None);
        return answered.ToResult();
    }

    private async Task<AcceptResult> WriteAsync(ProviderSettingsState next, string requestId, string action, long generation)
    {
        var answered = new AnsweredRequest { RequestId = requestId, Action = action, Generation = generation };
        await WriteAsync(next with { LastAnswer = answered });
        await RememberLastAsync();
        return answered.ToResult();
    }

    private async Task WriteAsync(ProviderSettingsState next)
    {
        // What is in memory changes only with what is stored: a failed write leaves the old record in place.
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            throw;
        }

        // Only a provider that is another one now is opened anew: what is under way goes on under a label.
        foreach (var name in before.Providers.Keys.Union(next.Providers.Keys)
            .Where(n => before.Providers.GetValueOrDefault(n)?.Spec != next.Providers.GetValueOrDefault(n)?.Spec))
        {
            catalog.Forget(name);
        }
    }
}
