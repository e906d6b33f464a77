using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability Volumes: storage that outlives the machine it is attached to.</summary>
public interface IVolumes
{
    /// <summary>Volumes.</summary>
    IResourceDriver<VolumeSpec> Volumes { get; }
}
