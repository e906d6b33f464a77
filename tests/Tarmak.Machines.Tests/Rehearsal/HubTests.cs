using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>A hub with two spokes, from the manifests to the objects.</summary>
public sealed class HubTests
{
    private static readonly MachineAddress Dev = MachineAddress.OfEnvironment("dev");
    private static readonly MachineAddress Hub = MachineAddress.OfCluster("dev", "hub");
    private static readonly MachineAddress App = MachineAddress.OfCluster("dev", "app");
    private static readonly MachineAddress Web = MachineAddress.OfCluster("dev", "web");

    [Fact]
    public void HubAndSpokes_AreReady_AndEachSpokeHasBothHalvesOfItsWay()
    {
        var world = Up();

        foreach (var cluster in new[] { Hub, App, Web })
        {
            world.StateOf(cluster)!.Phase.Should().Be(Phase.Ready);
        }

        var network = Of<NetworkSpec>(world, Hub.Capability(ResourceKinds.Network, "main")).Id;
        foreach (var (spoke, cidr) in new[] { (App, "10.101.0.0/16"), (Web, "10.102.0.0/16") })
        {
            var (offer, offerId) = Of<PeeringOfferSpec>(world, spoke.Capability(ResourceKinds.PeeringOffer, "hub"));
            offer.Should().Match<PeeringOfferSpec>(o => o.Cidr == cidr && o.PeerCidr == "10.100.0.0/16" && o.PeerNetworkId == network);
            var acceptance = Of<PeeringAcceptanceSpec>(world, spoke.Capability(ResourceKinds.PeeringAcceptance, "hub")).Spec;
            acceptance.Should().Match<PeeringAcceptanceSpec>(a => a.OfferId == offerId && a.PeerCidr == cidr && a.NetworkId == network);
        }

        world.Cloud.Living.Where(o => o.Kind == ResourceKinds.PeeringOffer).Should().HaveCount(2, "spokes have no way to each other");
    }

    [Fact]
    public void Firewall_LetsTheHubsBastionIntoSpokes_AndNoSpokeIntoAnother()
    {
        var world = Up();

        var etcd = Of<FirewallRulesSpec>(world, App.Capability(ResourceKinds.FirewallRules, "etcd")).Spec;
        var bastion = Of<FirewallRulesSpec>(world, Hub.Capability(ResourceKinds.FirewallRules, "bastion")).Spec;

        etcd.Rules.Where(r => r.From.Name == "hub/bastion").Should().ContainSingle()
            .Which.Should().Match<FirewallRule>(r => r.Ports.Single() == 22 && r.From.Addresses.Single() == "10.100.32.40/32");
        etcd.Rules.SelectMany(r => r.From.Addresses).Should().NotContain(a => a.StartsWith("10.102."));
        bastion.Rules.SelectMany(r => r.From.Addresses).Should().NotContain(a => a.StartsWith("10.101.") || a.StartsWith("10.102."), "no role of a spoke reaches a bastion");
    }

    [Fact]
    public void Hub_AskedToGoBeforeItsSpokes_IsRefusedAndNamesThem()
    {
        var refused = Acceptance.DeleteCluster(Desired(), "hub", dataLossConsent: true);

        refused.Refusal.Should().Be("Cluster hub is the hub of app, web, which would be left without it. Delete them first, or in the same command.");
        refused.Precondition.Should().BeTrue();
    }

    [Fact]
    public void HubAndSpokes_AskedToGoTogether_LeaveNothing_TheHubLast()
    {
        var world = Up();
        var desired = Desired();
        foreach (var name in new[] { "web", "app", "hub" })
        {
            desired = Acceptance.DeleteCluster(desired, name, dataLossConsent: true).Desired!;
        }

        world.Apply(Dev, "root", 2, DesiredJson.Write(desired));
        world.Run(within: TimeSpan.FromHours(1));

        world.Cloud.Living.Where(o => o.Owner.Cluster is not null).Should().BeEmpty("nothing that others use was deleted before them, and nothing is left");
    }

    [Fact]
    public void Environment_AskedToGoWithClustersOfWhichOneHasNoData_LeavesNothing()
    {
        var world = Up();
        var desired = Desired();
        foreach (var (name, consent) in new[] { ("web", true), ("app", true), ("hub", false) })
        {
            desired = Acceptance.DeleteCluster(desired, name, consent).Desired!;
        }

        world.Apply(Dev, "root", 2, DesiredJson.Write(desired));
        world.Delete(Dev, "root", dataLossConsent: true);
        world.Run(within: TimeSpan.FromHours(1));

        world.Cloud.Living.Should().BeEmpty("each cluster's data was consented to, or it has none, and so were the environment's backups");
    }

    [Fact]
    public void Environment_AskedToGoWithAClusterWhoseDataMayNot_KeepsThatDataOnly()
    {
        var world = Up();
        var desired = Acceptance.DeleteCluster(Desired(), "web", dataLossConsent: true).Desired!;
        desired = Acceptance.DeleteCluster(desired, "app", dataLossConsent: false).Desired!;
        desired = Acceptance.DeleteCluster(desired, "hub", dataLossConsent: true).Desired!;

        world.Apply(Dev, "root", 2, DesiredJson.Write(desired));
        world.Delete(Dev, "root", dataLossConsent: false);
        // It asks again and again whether the data may go, which is not quiet; the hub stands as long as a spoke does.
        world.Run(() => world.Machines.Values.Any(m => m.State.Address.ResourceKind == ResourceKinds.Volume && m.State.Phase == Phase.Blocked)
            && world.Cloud.Living.All(o => o.Owner.Cluster != "web" && (o.Owner.Cluster != "app" || o.Kind != ResourceKinds.Machine)), TimeSpan.FromHours(1));

        world.Cloud.Living.Where(o => o.Kind == ResourceKinds.Volume).Select(o => o.Owner.Cluster).Should().Equal("app");
    }

    [Fact]
    public void Spoke_ThatGoes_IsClosedOutOfTheHub()
    {
        var world = Up();

        world.Apply(Dev, "root", 2, DesiredJson.Write(Acceptance.DeleteCluster(Desired(), "web", dataLossConsent: true).Desired!));
        world.Run(within: TimeSpan.FromHours(1));

        world.StateOf(Hub)!.Phase.Should().Be(Phase.Ready);
        DesiredJson.Read<ClusterDesired>(world.StateOf(Hub)!.Desired!.Spec).Peers.Select(p => p.Name).Should().Equal("app");
        world.Cloud.Living.Where(o => o.Kind == ResourceKinds.PeeringOffer).Select(o => o.Owner.Cluster).Should().Equal("app");
    }

    [Fact]
    public void Spoke_WithoutAHub_IsRefused()
    {
        var without = Acceptance.PutEnvironment(new EnvironmentDesired(), Quickstart.Environment, Quickstart.NoMarks, Quickstart.NoMarks, null).Desired!;

        Acceptance.PutCluster(without, "app", Cluster("app"), Quickstart.NoMarks, Quickstart.NoMarks, null, []).Refusal.Should().Contain("there is no hub");
    }

    [Fact]
    public void Cluster_ThatWouldChangeItsType_IsRefused()
    {
        Acceptance.PutCluster(Desired(), "app", Cluster("hub"), Quickstart.NoMarks, Quickstart.NoMarks, null, []).Refusal.Should().Contain("cannot become hub");
    }

    private static SimulatedWorld Up()
    {
        var world = new QuickstartWorld().World;
        world.Apply(Dev, "root", 1, DesiredJson.Write(Desired()));
        world.Run(within: TimeSpan.FromHours(1));
        return world;
    }

    private static (T Spec, string Id) Of<T>(SimulatedWorld world, MachineAddress owner)
        where T : class
    {
        var made = world.Cloud.Living.Single(o => o.Owner == owner);
        return (ResourceJson.Read<T>(made.Parameters), made.Id);
    }

    private static EnvironmentDesired Desired()
    {
        var fresh = new EnvironmentDesired { AuthorityCertificate = "-----BEGIN CERTIFICATE-----", AuthorityPin = "ab12" };
        var desired = Acceptance.PutEnvironment(fresh, Quickstart.Environment, Quickstart.NoMarks, Quickstart.NoMarks, null).Desired!;
        foreach (var name in new[] { "hub", "app", "web" })
        {
            desired = Acceptance.PutCluster(desired, name, Cluster(name), Quickstart.NoMarks, Quickstart.NoMarks, null, []).Desired!;
        }

        return desired;
    }

    private static ClusterSpec Cluster(string name)
    {
        var read = ManifestReader.Read([new ManifestFile("hub.yaml", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "hub.yaml")))]);
        read.Problems.Should().BeEmpty();
        return read.Clusters.Single(c => c.Manifest.Metadata.Name == name).Manifest.Spec;
    }
}
