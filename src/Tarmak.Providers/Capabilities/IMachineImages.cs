using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability MachineImages: what machines start from.</summary>
public interface IMachineImages
{
    /// <summary>Images, counted by use: deleting drops the use, not the cached image.</summary>
    IResourceDriver<MachineImageSpec> Images { get; }
}
