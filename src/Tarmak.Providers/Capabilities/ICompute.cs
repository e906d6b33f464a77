using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability Compute: machines, and the environment's edge.</summary>
public interface ICompute
{
    /// <summary>Machines that run instances.</summary>
    IResourceDriver<MachineSpec> Machines { get; }

    /// <summary>The edge of an environment.</summary>
    IResourceDriver<EdgeSpec> Edges { get; }
}
