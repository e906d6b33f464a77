using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Capability Firewall: who may reach whom. Groups come before the machines in them and go after them; rules come after the
/// groups they name, for groups may name each other.
/// </summary>
public interface IFirewall
{
    /// <summary>Groups of machines; a new one is closed. Deleting one that machines are in is <c>DependencyMissing</c>.</summary>
    IResourceDriver<FirewallGroupSpec> Groups { get; }

    /// <summary>Groups' rules, each the whole of its group's: ensuring them opens what is in them and closes what is not.</summary>
    IResourceDriver<FirewallRulesSpec> Rules { get; }
}
