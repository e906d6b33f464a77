using Tarmak.Providers.Requirements;

namespace Tarmak.Providers;

/// <summary>Makes providers of one type. A provider project registers one of these; nothing else in the engine names it.</summary>
public interface IProviderFactory
{
    /// <summary>The type in manifests, for example <c>container</c>.</summary>
    string Type { get; }

    /// <summary>What providers of the type offer, need and cannot do.</summary>
    /// <param name="options">Settings of the type as in <see cref="ProviderSettings.Options"/>, perhaps none.</param>
    /// <returns>The sheet, without looking at any account.</returns>
    RequirementSheet Describe(IReadOnlyDictionary<string, string> options);

    /// <summary>
    /// Names the account that a provider calls. Two providers of one account share what it allows and are looked at for drift
    /// together. It holds no secret.
    /// </summary>
    /// <param name="settings">Its settings.</param>
    /// <returns>The account; by default, two providers with the same settings have the same.</returns>
    string AccountOf(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return string.Join(' ', settings.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}").Prepend(Type));
    }

    /// <summary>Makes a provider. Does not connect yet.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="firstBootSecrets">Where machines' one-time enrolment secrets come from at call time.</param>
    /// <returns>The provider.</returns>
    IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets);

    /// <summary>
    /// Removes what a provider kept on this machine for itself. Called before its manifest goes, when no environment uses
    /// it any more, and perhaps more than once; what holds somebody's data stays.
    /// </summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>When it is done.</returns>
    Task RemoveFilesAsync(ProviderSettings settings, CancellationToken cancellationToken) => Task.CompletedTask;
}
