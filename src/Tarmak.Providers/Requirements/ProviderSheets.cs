using Tarmak.Model.Manifests;

namespace Tarmak.Providers.Requirements;

/// <summary>The sheets of the types of provider there are.</summary>
/// <param name="factories">The types; of two of one name the first.</param>
public sealed class ProviderSheets(IEnumerable<IProviderFactory> factories)
{
    private readonly Dictionary<string, IProviderFactory> types = factories.DistinctBy(f => f.Type, StringComparer.Ordinal).ToDictionary(f => f.Type, StringComparer.Ordinal);

    /// <summary>The types, in order.</summary>
    public IReadOnlyList<string> Types { get; } = [.. factories.Select(f => f.Type).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The sheet of a type as its providers are without settings of their own.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The sheet, or null where there is no such type.</returns>
    public RequirementSheet? OfType(string type) => types.GetValueOrDefault(type)?.Describe(new Dictionary<string, string>());

    /// <summary>The sheet of a provider.</summary>
    /// <param name="spec">Its manifest's spec.</param>
    /// <returns>The sheet, or null where there is no such type.</returns>
    public RequirementSheet? Of(ProviderSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return types.GetValueOrDefault(spec.Type)?.Describe(ProviderOptions.Of(spec));
    }
}
