using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability AccessIdentity: who an instance is at its cloud, what it may call there, and what of the engine's grants the
/// cloud keeps by itself. It comes before the machine and goes after it.
/// </summary>
public interface IAccessIdentity
{
    /// <summary>Identities, each with the whole of what it may: ensuring one allows what is in it and refuses what is not, in place.</summary>
    IResourceDriver<AccessIdentitySpec> Identities { get; }
}
