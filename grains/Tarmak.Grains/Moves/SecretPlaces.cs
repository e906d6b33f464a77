using Tarmak.Grains.Inventory;
using Tarmak.Machines.Environments;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Moves;

/// <summary>Says where an environment's secrets are, from what its machines committed.</summary>
/// <param name="inventory">Has the environments, their bindings and copies.</param>
public sealed class SecretPlaces(IInventory inventory)
{
    private readonly BindingPlaces places = new(inventory);

    /// <summary>The wish of an environment.</summary>
    internal Task<EnvironmentDesired> EnvironmentAsync(string environment, CancellationToken cancellationToken) =>
        places.EnvironmentAsync(environment, cancellationToken);

    /// <summary>The place in force and its number; null where none was ever recorded, because nothing was ever bound anew.</summary>
    internal Task<BindingOutputs?> RecordedAsync(string environment, CancellationToken cancellationToken) =>
        places.RecordedAsync(environment, CapabilityNames.SecretStore, cancellationToken);

    /// <summary>Where the secrets are.</summary>
    internal async Task<PlacedSecrets> FindAsync(string environment, CancellationToken cancellationToken)
    {
        var found = await places.FindAsync(environment, CapabilityNames.SecretStore, ResourceKinds.SecretCopy, "main", cancellationToken).ConfigureAwait(false);
        return new PlacedSecrets(found.Place, found.ProviderOf(found.Place), [.. found.Copies.Select(found.ProviderOf)]);
    }
}
