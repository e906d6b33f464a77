using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.S3;

/// <summary>Makes providers of type <c>s3</c>.</summary>
/// <param name="time">The clock; it bounds every exchange.</param>
public sealed class S3ProviderFactory(TimeProvider time) : IProviderFactory
{
    internal const string TypeName = "s3";

    /// <inheritdoc/>
    public string Type => TypeName;

    /// <inheritdoc/>
    public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => S3Sheet.Sheet;

    /// <inheritdoc/>
    public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new S3Provider(S3Options.Read(settings.Name, settings.Options), time);
    }
}
