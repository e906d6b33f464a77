using Tarmak.Model.Resources;

namespace Tarmak.Providers.Binding;

/// <summary>Which capabilities a provider has, by what it really gives. A new capability is one line here.</summary>
public static class ProviderCapabilities
{
    /// <summary>Whether a provider has a capability.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="capability">One of <see cref="CapabilityNames"/>.</param>
    /// <returns>Whether it has it.</returns>
    public static bool Has(IProvider provider, string capability)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return capability switch
        {
            CapabilityNames.SecretStore => provider.SecretStore is not null,
            CapabilityNames.InstanceMetadata => provider.InstanceMetadata is not null,
            CapabilityNames.MachineImages => provider.MachineImages is not null,
            CapabilityNames.ObjectStorage => provider.ObjectStorage is not null,
            CapabilityNames.LoadBalancing => provider.LoadBalancing is not null,
            CapabilityNames.Dns => provider.Dns is not null,
            CapabilityNames.NetworkPeering => provider.NetworkPeering is not null,
            CapabilityNames.Firewall => provider.Firewall is not null,
            CapabilityNames.Network => provider.Network is not null,
            CapabilityNames.Compute => provider.Compute is not null,
            CapabilityNames.Volumes => provider.Volumes is not null,
            CapabilityNames.ContainerRegistry => provider.ContainerRegistry is not null,
            CapabilityNames.AccessIdentity => provider.AccessIdentity is not null,
            _ => false,
        };
    }
}
