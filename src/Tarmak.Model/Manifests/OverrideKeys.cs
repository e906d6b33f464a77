using Tarmak.Model.Resources;

namespace Tarmak.Model.Manifests;

/// <summary>The closed list of what an environment may have served by another provider.</summary>
public static class OverrideKeys
{
    /// <summary>The capabilities, by their names in manifests.</summary>
    public static IReadOnlyList<string> Capabilities => CapabilityNames.All;

    /// <summary>The uses of object storage, each bound on its own.</summary>
    public static IReadOnlyList<string> StorageUses { get; } = ["state", "configuration", "backups"];

    /// <summary>All keys.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Capabilities, .. StorageUses];

    /// <summary>Whether a bucket may be named under this key.</summary>
    public static bool TakesBucket(string key) => key == CapabilityNames.ObjectStorage || StorageUses.Contains(key);

    /// <summary>Whether a zone may be named under this key.</summary>
    public static bool TakesZone(string key) => key == CapabilityNames.Dns;
}
