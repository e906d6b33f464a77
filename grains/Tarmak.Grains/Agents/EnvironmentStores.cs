using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>Finds an environment's stores through the provider that its manifest binds.</summary>
/// <param name="inventory">Has the environments' manifests.</param>
/// <param name="providers">The bound providers.</param>
public sealed class EnvironmentStores(IInventory inventory, ProviderCatalog providers) : IEnvironmentStores
{
    /// <inheritdoc/>
    public async ValueTask<ISecretStore> SecretsAsync(string environment, CancellationToken cancellationToken)
    {
        var (name, provider) = await ProviderAsync(environment, cancellationToken);
        return provider.SecretStore ?? throw Lacks(name, "a secret store");
    }

    /// <inheritdoc/>
    public async ValueTask<IObjectStorage> ObjectsAsync(string environment, CancellationToken cancellationToken)
    {
        var (name, provider) = await ProviderAsync(environment, cancellationToken);
        return provider.ObjectStorage ?? throw Lacks(name, "object storage");
    }

    private static ProviderException Lacks(string provider, string what) =>
        new(ErrorClass.InvalidSpec, $"Provider {provider} offers no {what}; bind the environment to one that does.");

    private async ValueTask<(string Name, IProvider Provider)> ProviderAsync(string environment, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment, Key: environment), cancellationToken);
        var name = page.Rows.Select(r => DesiredJson.Read<EnvironmentDesired>(r.Row.Spec).Environment?.Spec.Provider).FirstOrDefault()
            ?? throw new ProviderException(ErrorClass.DependencyMissing, $"There is no environment {environment}.");
        return (name, await providers.GetAsync(name, cancellationToken));
    }
}
