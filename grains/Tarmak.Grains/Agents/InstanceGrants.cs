using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Agents;

/// <summary>
/// Reads grants where they are recorded: in the inventory, committed with what the instance was asked for. So a grant that
/// was withdrawn counts for nothing from that commit on.
/// </summary>
/// <param name="inventory">Has the grants.</param>
public sealed class InstanceGrants(IInventory inventory) : IInstanceGrants
{
    /// <inheritdoc/>
    public async Task<GrantVerdict> LookAsync(string instance, string instanceUid, string path, string verb, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(
            new InventoryQuery(MachineKind.Capability, Key: $"{instance}#{ResourceKinds.AccessGrants}/main"), cancellationToken).ConfigureAwait(false);
        if (page.Rows.Select(r => r.Row).FirstOrDefault() is not { } row
            || ResourceJson.Read<AccessGrantsSpec>(row.Spec) is not { } recorded || recorded.InstanceUid != instanceUid)
        {
            return GrantVerdict.Unrecorded;
        }

        return !row.Deleting && recorded.Grants.Any(g => g.Allows(path, verb)) ? GrantVerdict.Granted : GrantVerdict.Refused;
    }
}
