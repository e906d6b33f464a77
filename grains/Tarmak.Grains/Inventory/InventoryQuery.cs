using Tarmak.Machines;

namespace Tarmak.Grains.Inventory;

/// <summary>Which rows are wanted; null members do not restrict.</summary>
/// <param name="Kind">Machine kind.</param>
/// <param name="Environment">Environment.</param>
/// <param name="Cluster">Cluster name.</param>
/// <param name="Key">Exact key.</param>
/// <param name="Under">Key of a machine whose whole tree, itself included, is wanted.</param>
public sealed record InventoryQuery(
    MachineKind? Kind = null, string? Environment = null, string? Cluster = null, string? Key = null, string? Under = null);
