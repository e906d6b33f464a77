using System.Collections.Immutable;
using System.Globalization;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Environments;

/// <summary>A place that something was bound to.</summary>
/// <param name="Provider">Name of the provider.</param>
public sealed record BoundPlace(string Provider)
{
    /// <summary>The use of object storage that configuration bundles are.</summary>
    public const string ConfigurationUse = "configuration";

    /// <summary>The use of object storage that exports of what the engine knows are.</summary>
    public const string StateUse = "state";

    /// <summary>The use of object storage that copies of users' data are.</summary>
    public const string BackupsUse = "backups";

    /// <summary>What can move while it is used, by the keys of overrides.</summary>
    public static IReadOnlyList<string> Movable { get; } = [CapabilityNames.SecretStore, CapabilityNames.Dns, .. OverrideKeys.StorageUses];

    /// <summary>The uses of object storage whose objects are copied when they move. Configuration is written anew.</summary>
    public static IReadOnlyList<string> CopiedUses { get; } = [StateUse, BackupsUse];

    /// <summary>For <c>dns</c>: the zone.</summary>
    public string? Zone { get; init; }

    /// <summary>Where bindings have something.</summary>
    /// <param name="bindings">The bindings.</param>
    /// <param name="key">One of <see cref="Movable"/>.</param>
    /// <returns>The place; null where there is nothing to be anywhere: names, without a zone for them.</returns>
    public static BoundPlace? Of(Bindings bindings, string key)
    {
        ArgumentNullException.ThrowIfNull(bindings);
        var provider = bindings.For(key).Provider;
        return key != CapabilityNames.Dns ? new BoundPlace(provider)
            : bindings.PublicZone is { } zone ? new BoundPlace(provider) { Zone = zone }
            : null;
    }

    /// <summary>The name of what is kept at a place.</summary>
    /// <param name="title">Its name at the first place.</param>
    /// <param name="place">Number of the place.</param>
    /// <returns>The name.</returns>
    public static string TitleOf(string title, int place) => place == 0 ? title : string.Create(CultureInfo.InvariantCulture, $"{title}-{place}");

    /// <summary>The places after an environment's manifest was changed.</summary>
    internal static ImmutableSortedDictionary<string, ImmutableArray<BoundPlace>>? Followed(EnvironmentDesired desired, EnvironmentSpec next)
    {
        if (desired.Environment?.Spec is not { } before)
        {
            return desired.Places;
        }

        var (from, to) = (new Bindings(before), new Bindings(next));
        var places = desired.Places ?? ImmutableSortedDictionary.Create<string, ImmutableArray<BoundPlace>>(StringComparer.Ordinal);
        foreach (var key in Movable)
        {
            var line = places.GetValueOrDefault(key) is { IsDefault: false } known ? known : Of(from, key) is { } first ? [first] : [];
            if (Of(to, key) is { } place && !line.IsEmpty && !line.Contains(place))
            {
                places = places.SetItem(key, line.Add(place));
            }
        }

        return places.IsEmpty ? null : places;
    }
}
