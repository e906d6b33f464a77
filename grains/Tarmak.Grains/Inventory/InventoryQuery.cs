using Tarmak.Machines;

namespace Tarmak.Grains.Inventory;

/// <summary>Which rows are wanted; null members do not restrict.</summary>
/// <param name="Kind">Machine kind.</param>
/// <param name="Environment">Environment.</param>
/// <param name="Cluster">Cluster name.</param>
/// <param name="Key">Exact key.</param>
/// <param name="Under">Key of a machine whose whole tree, itself included, is wanted.</param>
/// <param name="ResourceKind">Of capabilities: the resource kind.</param>
public sealed record InventoryQuery(
    MachineKind? Kind = null, string? Environment = null, string? Cluster = null, string? Key = null, string? Under = null, string? ResourceKind = null)
{
    /// <summary>Whether a machine's row is wanted: the same as the inventory's statements say.</summary>
    /// <param name="address">The machine.</param>
    /// <returns>Whether it is.</returns>
    public bool Matches(MachineAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (Kind is null || Kind == address.Kind)
            && (Key is null || Key == address.Key)
            && (Environment is null || Environment == address.Environment)
            && (Cluster is null || Cluster == address.Cluster)
            && (ResourceKind is null || ResourceKind == address.ResourceKind)
            && (string.IsNullOrEmpty(Under) || IsUnder(address.Key, Under));
    }

    private static bool IsUnder(string key, string root) =>
        key.StartsWith(root, StringComparison.Ordinal) && (key.Length == root.Length || key[root.Length] is '/' or '#');
}
