using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Agents;

/// <summary>Finds an environment's stores through the providers that its manifest binds.</summary>
/// <param name="inventory">Has the environments' manifests.</param>
/// <param name="providers">The bound providers.</param>
public sealed class EnvironmentStores(IInventory inventory, ProviderCatalog providers) : IEnvironmentStores
{
    /// <inheritdoc/>
    public async ValueTask<ISecretStore> SecretsAsync(string environment, CancellationToken cancellationToken)
    {
        var (name, provider) = await ProviderAsync(environment, CapabilityNames.SecretStore, cancellationToken);
        return provider.SecretStore ?? throw Lacks(name, "a secret store");
    }

    /// <inheritdoc/>
    public async ValueTask<IObjectStorage> ObjectsAsync(string environment, CancellationToken cancellationToken)
    {
        var (name, provider) = await ProviderAsync(environment, "configuration", cancellationToken);
        return provider.ObjectStorage ?? throw Lacks(name, "object storage");
    }

    private static ProviderException Lacks(string provider, string what) =>
        new(ErrorClass.InvalidSpec, $"Provider {provider} offers no {what}; bind the environment to one that does.");

    private async ValueTask<(string Name, IProvider Provider)> ProviderAsync(string environment, string key, CancellationToken cancellationToken)
    {
        var page = await inventory.ListAsync(new InventoryQuery(MachineKind.Environment, Key: environment), cancellationToken);
        var spec = page.Rows.Select(r => DesiredJson.Read<EnvironmentDesired>(r.Row.Spec).Environment?.Spec).FirstOrDefault()
            ?? throw new ProviderException(ErrorClass.DependencyMissing, $"There is no environment {environment}.");
        var name = new Bindings(spec).For(key).Provider;
        return (name, await providers.GetAsync(name, cancellationToken));
    }
}
