using Tarmak.Machines;

namespace Tarmak.Grains.Inventory;

/// <summary>A list as of one revision.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Revision">The revision.</param>
public sealed record InventoryPage(IReadOnlyList<VersionedRow> Rows, long Revision);

/// <summary>A row and the revision that last changed it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Revision">The revision.</param>
public sealed record VersionedRow(InventoryRow Row, long Revision);

/// <summary>A change in a watch.</summary>
/// <param name="Row">The changed row; a row in phase Deleted is a deletion; null: everything up to the revision was told.</param>
/// <param name="Revision">The revision.</param>
public sealed record InventoryChange(InventoryRow? Row, long Revision);
