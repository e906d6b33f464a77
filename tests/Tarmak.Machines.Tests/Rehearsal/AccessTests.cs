using System.Collections.Immutable;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;
using static Tarmak.Machines.Tests.Rehearsal.QuickstartWorld;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>What instances are given to read and use, with the real planners on a model cloud.</summary>
public sealed class AccessTests
{
    private static readonly MachineAddress BastionInstance = Bastion.Nested(MachineKind.Instance, "0");

    [Fact]
    public void Grants_OfAnInstance_AreItsOwnAndNoOthers()
    {
        var played = new QuickstartWorld().Up();

        Grants(played, EtcdInstance(1)).Select(g => $"{g.Path} {string.Join(",", g.Verbs)}").Should().Equal(
            "configuration/bundles/dev/demo/etcd/1 read", "secretStore/authorities/dev/demo/etcd sign");
        Grants(played, BastionInstance).Select(g => g.Path).Should().Equal("configuration/bundles/dev/demo/bastion/0");
    }

    [Fact]
    public void Machine_IsMadeAfterWhatItIsAndMay_AndStartedAsThat()
    {
        var played = new QuickstartWorld().Up();

        foreach (var instance in new[] { EtcdInstance(0), BastionInstance })
        {
            var machine = played.Object(ObjectOf(instance, ResourceKinds.Machine));
            var identity = played.Object(ObjectOf(instance, ResourceKinds.AccessIdentity));
            machine.MadeAt.Should().BeAfter(played.Object(ObjectOf(instance, ResourceKinds.AccessGrants)).MadeAt).And.BeAfter(identity.MadeAt);
            ResourceJson.Read<MachineSpec>(machine.Parameters).IdentityId.Should().Be(identity.Id);
            ResourceJson.Read<AccessIdentitySpec>(identity.Parameters).InstanceUid.Should().Be(played.World.StateOf(instance)!.Uid);
        }
    }

    [Fact]
    public void ChangedPolicies_ChangeTheIdentity_AndNoMachine()
    {
        var played = new QuickstartWorld().Up();
        var before = played.Object(ObjectOf(EtcdInstance(0), ResourceKinds.Machine)).Id;
        var spec = played.Desired.Clusters["demo"].Manifest.Spec;

        played.PutCluster(spec with { InstancePools = [.. spec.InstancePools.Select(p => p.Name == "etcd" ? p with { IdentityPolicies = ["one"] } : p)] });
        played.World.Run(within: TimeSpan.FromHours(1));

        played.Cluster!.Phase.Should().Be(Phase.Ready);
        ResourceJson.Read<AccessIdentitySpec>(played.Object(ObjectOf(EtcdInstance(0), ResourceKinds.AccessIdentity)).Parameters).Policies.Should().Equal("one");
        played.Object(ObjectOf(EtcdInstance(0), ResourceKinds.Machine)).Id.Should().Be(before);
    }

    [Fact]
    public void Repositories_OfEnvironmentAndCluster_ArePulledFromByEachInstance_AndPushedToByNone()
    {
        var played = new QuickstartWorld().Up();

        played.PutEnvironment(Quickstart.Environment with { Repositories = ["shared"] });
        played.PutCluster(played.Desired.Clusters["demo"].Manifest.Spec with { Repositories = ["web"] });
        played.World.Run(within: TimeSpan.FromHours(1));

        played.Cluster!.Phase.Should().Be(Phase.Ready);
        foreach (var instance in new[] { EtcdInstance(0), BastionInstance })
        {
            var identity = ResourceJson.Read<AccessIdentitySpec>(played.Object(ObjectOf(instance, ResourceKinds.AccessIdentity)).Parameters);
            identity.Grants.Select(g => $"{g.Path} {string.Join(",", g.Verbs)}").Should().Equal("containerRegistry/shared pull", "containerRegistry/demo/web pull");
            Grants(played, instance).Select(g => g.Path).Should().Contain(["containerRegistry/shared", "containerRegistry/demo/web"]);
            var registry = ResourceJson.Read<BundleSpec>(played.Object(ObjectOf(instance, ResourceKinds.Bundle)).Parameters).Registry!;
            registry.Address.Should().Be("10.99.0.2:5000");
            registry.Repositories.Should().Equal("shared", "demo/web");
        }

        played.PutCluster(played.Desired.Clusters["demo"].Manifest.Spec with { Repositories = null });
        played.World.Run(within: TimeSpan.FromHours(1));

        played.World.Cloud.Living.Where(o => o.Kind == ResourceKinds.RegistryRepository).Should().ContainSingle();
        Grants(played, EtcdInstance(0)).Select(g => g.Path).Should().NotContain("containerRegistry/demo/web");
    }

    private static ImmutableArray<InstanceGrant> Grants(QuickstartWorld played, MachineAddress instance) =>
        ResourceJson.Read<AccessGrantsSpec>(played.Object(ObjectOf(instance, ResourceKinds.AccessGrants)).Parameters).Grants;
}
