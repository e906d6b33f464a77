using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Machines;

/// <summary>Capability Compute: containers in which systemd runs.</summary>
internal sealed record ContainerCompute(IResourceDriver<MachineSpec> Machines, IResourceDriver<EdgeSpec> Edges) : ICompute;
