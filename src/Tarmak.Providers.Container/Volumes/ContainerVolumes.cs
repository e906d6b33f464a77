using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Volumes;

/// <summary>Capability Volumes: named volumes of the engine.</summary>
internal sealed record ContainerVolumes(IResourceDriver<VolumeSpec> Volumes) : IVolumes;
