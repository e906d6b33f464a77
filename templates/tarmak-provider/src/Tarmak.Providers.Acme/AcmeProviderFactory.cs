using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Acme;

/// <summary>Makes providers of type <c>acme</c>.</summary>
public sealed class AcmeProviderFactory : IProviderFactory
{
    internal const string TypeName = "acme";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => AcmeSheet.Sheet;

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new AcmeProvider(Path.Combine(settings.HomeDirectory, "providers", settings.Name, "volumes"));
    }
}
