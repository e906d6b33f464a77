using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability ContainerRegistry: repositories of container images. An instance pulls with credentials of its own from those
/// it was granted, and from no other; it pushes nowhere unless that was granted too.
/// </summary>
public interface IContainerRegistry
{
    /// <summary>
    /// The program in machine images that uses a registry as the machine's containers would:
    /// <c>ADDRESS AUTHORITY pull REPOSITORY TAG</c>, or <c>push REPOSITORY TAG FILE</c>, with the file of the authority's
    /// certificate or <c>-</c>. It prints the image's digest; what was refused ends it with exit code 3.
    /// </summary>
    const string Program = "/usr/lib/tarmak/registry";

    /// <summary>Repositories, by their names. They go with the images in them.</summary>
    IResourceDriver<RegistryRepositorySpec> Repositories { get; }
}
