using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Rfc2136;

/// <summary>Makes providers of type <c>rfc2136</c>.</summary>
/// <param name="time">The clock; signatures carry its time.</param>
public sealed class Rfc2136ProviderFactory(TimeProvider time) : IProviderFactory
{
    internal const string TypeName = "rfc2136";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => Rfc2136Sheet.Sheet;

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new Rfc2136Provider(Rfc2136Options.Read(settings.Name, settings.Options), time);
    }
}
