using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Registry;

/// <summary>Capability ContainerRegistry: a registry on the edge, behind its balancer, which asks each caller for its certificate.</summary>
internal sealed record ContainerRegistryCapability(IResourceDriver<RegistryRepositorySpec> Repositories) : IContainerRegistry;
