using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>Capability Firewall: nftables in every machine.</summary>
internal sealed record ContainerFirewall(
    IResourceDriver<FirewallGroupSpec> Groups, IResourceDriver<FirewallRulesSpec> Rules) : IFirewall;
