using System.Text.Json;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines.Steps;
using Tarmak.Model.Serialization;
using Tarmak.Providers;

namespace Tarmak.Grains.Providers;

/// <summary>The bound providers, opened once each.</summary>
/// <param name="grains">Leads to the stored provider manifests.</param>
/// <param name="factories">The types of provider this engine knows; of two of one name the first.</param>
/// <param name="firstBootSecrets">Where machines' one-time secrets come from.</param>
/// <param name="installation">Identity of the installation.</param>
public sealed class ProviderCatalog(
    IGrainFactory grains, IEnumerable<IProviderFactory> factories, IFirstBootSecrets firstBootSecrets, InstallationIdentity installation)
    : IProviders, IAsyncDisposable
{
    /// <summary>Key of the grain that keeps the provider manifests.</summary>
    public const string SettingsKey = "providers";

    private readonly Dictionary<string, IProviderFactory> types = factories.DistinctBy(f => f.Type, StringComparer.Ordinal).ToDictionary(f => f.Type, StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly Dictionary<string, IProvider> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> accounts = new(StringComparer.Ordinal);
    private readonly List<IProvider> retired = [];
    private int forgotten;

    /// <summary>Types of provider this engine knows.</summary>
    public IReadOnlyCollection<string> Types => types.Keys;

    /// <summary>The providers in use by now.</summary>
    public IReadOnlyCollection<KeyValuePair<string, IProvider>> Opened
    {
        get
        {
            lock (gate)
            {
                return [.. opened];
            }
        }
    }

    /// <summary>The accounts in use by now, each with one of the providers that lead to it.</summary>
    public IReadOnlyDictionary<string, IProvider> Accounts
    {
        get
        {
            lock (gate)
            {
                return opened.OrderBy(p => p.Key, StringComparer.Ordinal).GroupBy(p => accounts[p.Key], p => p.Value, StringComparer.Ordinal)
                    .ToDictionary(a => a.Key, a => a.First(), StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The account of a provider that was opened, and the provider.</summary>
    /// <param name="name">The provider's name.</param>
    /// <returns>Both; null where it is not open.</returns>
    public (string Account, IProvider Provider)? AccountOf(string name)
    {
        lock (gate)
        {
            return opened.TryGetValue(name, out var provider) ? (accounts[name], provider) : null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IProvider> GetAsync(string name, CancellationToken cancellationToken)
    {
        while (true)
        {
            int seen;
            lock (gate)
            {
                if (opened.TryGetValue(name, out var known))
                {
                    return known;
                }

                seen = forgotten;
            }

            var stored = (await grains.GetGrain<IProviderSettingsGrain>(SettingsKey).ListAsync().WaitAsync(cancellationToken))
                .FirstOrDefault(p => p.Name == name)
                ?? throw new ProviderException(ErrorClass.InvalidSpec, $"There is no provider {name}; apply its manifest.");
            var made = Create(name, stored.Spec);
            var account = AccountOf(name, stored.Spec);
            lock (gate)
            {
                // What was read before somebody let go of a provider may be what was let go of: it is read again.
                if (seen == forgotten && opened.TryAdd(name, made))
                {
                    accounts[name] = account;
                    return made;
                }
            }

            await made.DisposeAsync();
        }
    }

    /// <summary>Makes a provider that is not stored, to ask it whether it could do what is wanted.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="spec">The manifest's spec as canonical JSON.</param>
    /// <param name="as">The installation what it makes belongs to; null: this one.</param>
    /// <returns>The provider; the caller disposes of it.</returns>
    /// <exception cref="ProviderException">Its type is not known.</exception>
    public IProvider Create(string name, string spec, InstallationIdentity? @as = null)
    {
        var settings = JsonSerializer.Deserialize(spec, ModelJson.Default.ProviderSpec)
            ?? throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {name} has no spec.");
        if (!types.TryGetValue(settings.Type, out var factory))
        {
            throw new ProviderException(
                ErrorClass.InvalidSpec, $"Provider {name} is of type {settings.Type}, which this engine does not have; it has {string.Join(", ", types.Keys)}.");
        }

        var made = Settings(name, settings.Type, ProviderOptions.Of(settings));
        return factory.Create(@as is null ? made : made with { Installation = @as.Id, HomeDirectory = @as.HomeDirectory }, firstBootSecrets);
    }

    /// <summary>Removes what a provider that nobody uses any more kept on this machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="spec">The manifest's spec as canonical JSON.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>When it is done.</returns>
    public Task RemoveFilesAsync(string name, string spec, CancellationToken cancellationToken)
    {
        return JsonSerializer.Deserialize(spec, ModelJson.Default.ProviderSpec) is { } settings && types.TryGetValue(settings.Type, out var factory)
            ? factory.RemoveFilesAsync(Settings(name, settings.Type, ProviderOptions.Of(settings)), cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>
    /// Lets go of a provider whose spec changed or went; the next use opens it anew. It is kept until the end for the
    /// calls and the image builds it is in the middle of: specs change seldom, and an unused one holds little.
    /// </summary>
    /// <param name="name">Its name.</param>
    public void Forget(string name)
    {
        lock (gate)
        {
            forgotten++;
            if (opened.Remove(name, out var known))
            {
                retired.Add(known);
            }
        }
    }

    private string AccountOf(string name, string spec) =>
        JsonSerializer.Deserialize(spec, ModelJson.Default.ProviderSpec) is { } settings && types.TryGetValue(settings.Type, out var factory)
            ? factory.AccountOf(Settings(name, settings.Type, ProviderOptions.Of(settings)))
            : name;

    private ProviderSettings Settings(string name, string type, IReadOnlyDictionary<string, string> options) =>
        new(name, type, installation.Id, installation.HomeDirectory, options);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<IProvider> all;
        lock (gate)
        {
            all = [.. opened.Values, .. retired];
            opened.Clear();
            retired.Clear();
        }

        foreach (var provider in all)
        {
            await provider.DisposeAsync();
        }
    }
}
