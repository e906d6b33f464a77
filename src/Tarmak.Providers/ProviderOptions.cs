using Tarmak.Model.Manifests;

namespace Tarmak.Providers;

/// <summary>A provider's settings as names and values.</summary>
public static class ProviderOptions
{
    /// <summary>Takes the settings out of a manifest's spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <returns>Names as in the manifest, and values; fields left out are not there.</returns>
    public static IReadOnlyDictionary<string, string> Of(ProviderSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        Dictionary<string, string> options = new(StringComparer.Ordinal);
        if (spec.Host is { } host)
        {
            options["host"] = host;
        }

        return options;
    }
}
