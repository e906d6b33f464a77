using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Networks;

/// <summary>Capability Network: bridge networks of the engine.</summary>
internal sealed record ContainerNetwork(
    IResourceDriver<NetworkSpec> Networks, IResourceDriver<EdgeAttachmentSpec> EdgeAttachments) : INetwork;
