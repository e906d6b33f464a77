using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Tests.Rehearsal;
using Tarmak.Model.Manifests;

namespace Tarmak.Machines.Tests.Environments;

public sealed class AcceptanceTests
{
    private static readonly ImmutableSortedDictionary<string, string> None = Quickstart.NoMarks;
    private static readonly ImmutableSortedDictionary<string, string> Marked = None.Add("team", "blue");

    private static readonly EnvironmentDesired Present = Quickstart.Desired();

    [Fact]
    public void PutEnvironment_New_IsCreated()
    {
        var decision = Acceptance.PutEnvironment(new EnvironmentDesired(), Quickstart.Environment, Marked, None, null);

        decision.Should().Match<Decision>(d => d.Action == "created" && d.Generation == 1 && d.Refusal == null);
        decision.Desired!.Environment.Should().Be(new Declared<EnvironmentSpec>(1, Quickstart.Environment, Marked, None) { Version = 1 });
    }

    [Fact]
    public void PutEnvironment_BoundAnew_NumbersEachPlaceOnce()
    {
        var vault = Bound("secretStore", new CapabilityOverride { Provider = "vault" });
        var moved = Put(Present, vault);
        var back = Put(moved, Quickstart.Environment);
        var again = Put(back, vault);

        Present.Places.Should().BeNull();
        moved.Places!.Should().ContainSingle().Which.Key.Should().Be("secretStore");
        moved.Places!["secretStore"].Should().Equal(new BoundPlace("laptop"), new BoundPlace("vault"));
        again.Places!["secretStore"].Should().Equal(moved.Places["secretStore"]);
        DesiredJson.Read<EnvironmentDesired>(DesiredJson.Write(again)).Places!["secretStore"].Should().Equal(moved.Places["secretStore"]);
    }

    [Fact]
    public void PutEnvironment_NamesInAnotherZone_IsAnotherPlace()
    {
        var moved = Put(Present, Bound("dns", new CapabilityOverride { Provider = "laptop", Zone = "k8s.office.test" }));

        moved.Places!["dns"].Should().Equal(
            new BoundPlace("laptop") { Zone = "dev.example.test" }, new BoundPlace("laptop") { Zone = "k8s.office.test" });
    }

    private static EnvironmentDesired Put(EnvironmentDesired desired, EnvironmentSpec spec) => Acceptance.PutEnvironment(desired, spec, None, None, null).Desired!;

    private static EnvironmentSpec Bound(string key, CapabilityOverride other) =>
        Quickstart.Environment with { Overrides = new Dictionary<string, CapabilityOverride> { [key] = other } };

    public static TheoryData<bool, bool, string, long> Puts => new()
    {
        { false, false, "unchanged", 1 },
        { true, false, "changed", 2 },
        { false, true, "changed", 1 },
        { true, true, "changed", 2 },
    };

    [Theory]
    [MemberData(nameof(Puts))]
    public void PutEnvironment_Present_ComparesSpecAndMarks(bool spec, bool marks, string action, long generation)
    {
        var wanted = spec ? Quickstart.Environment with { AdminCidrs = ["10.0.0.0/8"] } : Quickstart.Environment;

        var decision = Acceptance.PutEnvironment(Present, wanted, marks ? Marked : None, None, null);

        (decision.Action, decision.Generation).Should().Be((action, generation));
        decision.Desired!.Environment!.Spec.Should().Be(wanted);
        decision.Desired.Clusters.Should().BeEquivalentTo(Present.Clusters);
    }

    [Theory]
    [MemberData(nameof(Puts))]
    public void PutCluster_Present_ComparesSpecAndMarks(bool spec, bool marks, string action, long generation)
    {
        var wanted = spec ? Quickstart.Etcd(size: "large") : Quickstart.Cluster;

        var decision = Acceptance.PutCluster(Present, "demo", wanted, marks ? Marked : None, None, null, []);

        (decision.Action, decision.Generation).Should().Be((action, generation));
        decision.Desired!.Clusters["demo"].Manifest.Spec.Should().Be(wanted);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("2", false)]
    [InlineData("", false)]
    [InlineData("one", false)]
    public void PutEnvironment_ResourceVersion_IsAPrecondition(string? version, bool accepted)
    {
        var decision = Acceptance.PutEnvironment(Present, Quickstart.Environment, Marked, None, version);

        (decision.Desired is not null).Should().Be(accepted);
        if (!accepted)
        {
            decision.Precondition.Should().BeTrue();
            decision.Refusal.Should().Be($"metadata.resourceVersion is {version}, but the resource is at 1; get it again, or leave resourceVersion out to replace whatever is there.");
        }
    }

    [Fact]
    public void PutCluster_AfterAnotherChange_RefusesTheOldVersion()
    {
        var changed = Acceptance.PutCluster(Present, "demo", Quickstart.Etcd(size: "large"), None, None, "2", []);

        var late = Acceptance.PutCluster(changed.Desired!, "demo", Quickstart.Etcd(size: "medium"), None, None, "2", []);

        late.Should().Match<Decision>(d => d.Desired == null && d.Precondition && d.Refusal!.Contains("is at 3"));
    }

    [Fact]
    public void PutCluster_WithoutEnvironment_IsRefused()
    {
        var decision = Acceptance.PutCluster(new EnvironmentDesired(), "demo", Quickstart.Cluster, None, None, null, []);

        decision.Should().Be(new Decision(null, "", 0, "The environment does not exist; apply its manifest first or with the cluster's.", true));
    }

    [Theory]
    [InlineData("10.99.0.0/16", false)]
    [InlineData("10.99.128.0/20", false)]
    [InlineData("10.98.0.0/16", true)]
    [InlineData("10.100.0.0/16", true)]
    public void PutCluster_NetworkOverlapsAnother_IsRefused(string cidr, bool accepted)
    {
        var spec = Quickstart.Cluster with { Network = Quickstart.Cluster.Network with { Cidr = cidr } };

        var decision = Acceptance.PutCluster(Present, "other", spec, None, None, null, []);

        (decision.Desired is not null).Should().Be(accepted);
        decision.Refusal.Should().Be(accepted ? null : $"Network {cidr} of cluster other overlaps cluster demo; give one of them another range.");
        decision.Precondition.Should().BeFalse();
    }

    [Fact]
    public void PutCluster_NameStillLeaving_IsCreatedAnew()
    {
        var leaving = Acceptance.DeleteCluster(Present, "demo", dataLossConsent: true).Desired!;

        var decision = Acceptance.PutCluster(leaving, "demo", Quickstart.Cluster, None, None, null, []);

        decision.Should().Match<Decision>(d => d.Action == "created" && d.Generation == 1, "the same name comes after its predecessor");
    }

    [Fact]
    public void Version_OfADocument_RisesWithEveryChangeAndOverNamesUsedAgain()
    {
        var labelled = Acceptance.PutCluster(Present, "demo", Quickstart.Cluster, Marked, None, null, []).Desired!;
        var same = Acceptance.PutCluster(labelled, "demo", Quickstart.Cluster, Marked, None, null, []).Desired!;
        var deleted = Acceptance.DeleteCluster(same, "demo", dataLossConsent: true).Desired!;
        var again = Acceptance.PutCluster(deleted, "demo", Quickstart.Cluster, None, None, null, []).Desired!;

        long[] versions = [.. new[] { Present, labelled, same, again }.Select(d => d.Clusters["demo"].Manifest.Version)];

        versions[1].Should().BeGreaterThan(versions[0], "a concurrent edit of labels must not be lost");
        versions[2].Should().Be(versions[1]);
        versions[3].Should().BeGreaterThan(versions[2], "it is another cluster");
        again.Environment!.Version.Should().Be(Present.Environment!.Version);
    }

    [Fact]
    public void DeleteCluster_Absent_ChangesNothing()
    {
        var decision = Acceptance.DeleteCluster(Present, "absent", dataLossConsent: true);

        (decision.Action, decision.Generation).Should().Be(("absent", 0));
        decision.Desired!.Leaving.Should().BeEmpty();
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void DeleteCluster_Twice_KeepsConsentOnceGiven(bool first, bool second, bool consented)
    {
        var deleted = Acceptance.DeleteCluster(Present, "demo", first).Desired!;

        var again = Acceptance.DeleteCluster(deleted, "demo", second);

        again.Action.Should().Be("deleting");
        again.Desired!.Clusters.Should().BeEmpty();
        again.Desired.Leaving.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("demo", consented));
    }

    [Fact]
    public void DeleteCluster_OfANameUsedAgain_NeedsItsOwnConsent()
    {
        var deleted = Acceptance.DeleteCluster(Present, "demo", dataLossConsent: true).Desired!;
        var again = Acceptance.PutCluster(deleted, "demo", Quickstart.Cluster, None, None, null, []).Desired!;

        var decision = Acceptance.DeleteCluster(again, "demo", dataLossConsent: false);

        again.Clusters["demo"].Life.Should().BeGreaterThan(Present.Clusters["demo"].Life);
        again.Leaving["demo"].Should().BeTrue("the earlier one may not have heard of it yet");
        decision.Desired!.Leaving["demo"].Should().BeFalse();
    }

    [Fact]
    public void PutCluster_ConsentAfterTheChange_IsAChangeAndStays()
    {
        var consented = Acceptance.PutCluster(Present, "demo", Quickstart.Cluster, None, None, null, ["dev/demo/etcd"]);
        var again = Acceptance.PutCluster(consented.Desired!, "demo", Quickstart.Cluster, None, None, null, []);

        (consented.Action, consented.Generation).Should().Be(("changed", 1));
        again.Action.Should().Be("unchanged");
        again.Desired!.Clusters["demo"].DataLossConsent.Should().Equal("dev/demo/etcd");
    }

    [Fact]
    public void PutCluster_ConsentOfAnEarlierChange_IsNotForTheNext()
    {
        var consented = Acceptance.PutCluster(Present, "demo", Quickstart.Cluster, None, None, null, ["all"]).Desired!;

        var next = Acceptance.PutCluster(consented, "demo", Quickstart.Etcd(count: 5), None, None, null, []);

        next.Desired!.Clusters["demo"].DataLossConsent.Should().BeEmpty();
    }
}
