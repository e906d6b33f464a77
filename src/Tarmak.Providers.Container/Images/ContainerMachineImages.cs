using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Images;

/// <summary>Capability MachineImages: images of the engine, built once per content.</summary>
internal sealed record ContainerMachineImages(IResourceDriver<MachineImageSpec> Images) : IMachineImages;
