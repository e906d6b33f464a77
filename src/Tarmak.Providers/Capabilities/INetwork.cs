using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability Network: address ranges closed to each other, and the edge's place in them.</summary>
public interface INetwork
{
    /// <summary>Networks.</summary>
    IResourceDriver<NetworkSpec> Networks { get; }

    /// <summary>The edge's membership in inner networks.</summary>
    IResourceDriver<EdgeAttachmentSpec> EdgeAttachments { get; }
}
