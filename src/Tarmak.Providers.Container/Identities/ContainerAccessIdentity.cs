using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Identities;

/// <summary>Capability AccessIdentity: what the edge knows an instance by is its agent's certificate.</summary>
internal sealed record ContainerAccessIdentity(IResourceDriver<AccessIdentitySpec> Identities) : IAccessIdentity;
