using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Instances;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>Asks the provider an instance's machine is of.</summary>
/// <param name="inventory">Has the instances and their machines.</param>
/// <param name="providers">The bound providers.</param>
public sealed class MachineEvidence(IInventory inventory, ProviderCatalog providers) : IMachineEvidence
{
    /// <inheritdoc/>
    public async ValueTask<bool> IsNeededAsync(string instance, CancellationToken cancellationToken) =>
        (await FindAsync(instance, cancellationToken)).Provider.InstanceMetadata is not null;

    /// <inheritdoc/>
    public async Task<EvidenceVerdict> VerifyAsync(
        string instance, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken)
    {
        var (address, provider) = await FindAsync(instance, cancellationToken);
        var metadata = provider.InstanceMetadata
            ?? throw new ProviderException(ErrorClass.InvalidSpec, $"The cloud of {instance} takes no evidence.");
        var owner = address.Capability(ResourceKinds.Machine, "main").Key;

        // A machine may be faster than the record of its creation; then it is known by its owner alone.
        var machine = (await inventory.ListAsync(new InventoryQuery(MachineKind.Capability, Key: owner), cancellationToken)).Rows.Select(r => r.Row.ObjectId).FirstOrDefault();
        return await metadata.VerifyAsync(new EvidenceChallenge(owner, machine, nonce), evidence, cancellationToken);
    }

    private async ValueTask<(MachineAddress Address, IProvider Provider)> FindAsync(string instance, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Instance, Key: instance), cancellationToken);
        var row = page.Rows.Select(r => r.Row).FirstOrDefault()
            ?? throw new ProviderException(ErrorClass.DependencyMissing, $"There is no instance {instance}.");
        return (row.Address, await providers.GetAsync(DesiredJson.Read<InstanceDesired>(row.Spec).Link.Provider, cancellationToken));
    }
}
