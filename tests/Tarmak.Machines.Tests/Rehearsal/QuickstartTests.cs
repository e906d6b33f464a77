using Tarmak.Machines.Clusters;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using static Tarmak.Machines.Tests.Rehearsal.QuickstartWorld;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>The quickstart from first apply to last delete, with the real planners on a model cloud.</summary>
public sealed class QuickstartTests
{
    [Fact]
    public void Up_FromNothing_EndsReadyWithOneObjectPerDeclaredThing()
    {
        var played = new QuickstartWorld().Up();

        played.ShouldBeReady();
        played.World.Cloud.Creations.Values.Should().OnlyContain(times => times == 1).And.HaveCount(Declared().Count);
        var outputs = DesiredJson.Read<ClusterOutputs>(played.Cluster!.Outputs!);
        outputs.EtcdDnsName.Should().Be("etcd.dev-demo.dev.example.test");
        outputs.EtcdEndpoint.Should().StartWith("127.0.0.1:");
        outputs.SshEndpoint.Should().StartWith("127.0.0.1:").And.NotBe(outputs.EtcdEndpoint);
    }

    [Theory]
    [InlineData("{0}.elb.example.test", "CNAME", "{0}.elb.example.test.")]
    [InlineData("2001:db8::7", "AAAA", "2001:db8::7")]
    [InlineData("192.0.2.7", "A", "192.0.2.7")]
    public void Up_WhereBalancersAnswerElsewhere_NamesAndCertificatesFollow(string host, string type, string value)
    {
        var played = new QuickstartWorld(balancerHost: id => host.Replace("{0}", id, StringComparison.Ordinal)).Up();

        played.ShouldBeReady();
        var balancer = played.Object(Demo.Capability(ResourceKinds.LoadBalancer, "etcd")).Id;
        var record = ResourceJson.Read<DnsRecordSetSpec>(played.Object(Demo.Capability(ResourceKinds.DnsRecordSet, "etcd")).Parameters);
        (record.Type, record.Values.Single()).Should().Be((type, value.Replace("{0}", balancer, StringComparison.Ordinal)));
        var certificate = ResourceJson.Read<BundleSpec>(played.Object(ObjectOf(EtcdInstance(0), ResourceKinds.Bundle)).Parameters).Certificates.Single(c => c.Name == "etcd-server");
        (type == "CNAME" ? certificate.DnsNames : certificate.Addresses).Should().Contain(host.Replace("{0}", balancer, StringComparison.Ordinal));
    }

    [Fact]
    public void Up_FromNothing_MakesNothingBeforeWhatItReads()
    {
        var played = new QuickstartWorld().Up();

        var made = played.World.Cloud.Living.Concat(played.World.Cloud.Shared).ToDictionary(o => o.Id);
        foreach (var one in made.Values)
        {
            foreach (var needed in ModelCloud.References(one.Kind, one.Parameters))
            {
                one.MadeAt.Should().BeAfter(made[needed].MadeAt, $"{one.Owner} reads {made[needed].Owner}");
            }
        }

        played.World.Trace.Should().NotContain(line => line.Contains("DependencyMissing", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
        {
            var converged = played.Object(ObjectOf(EtcdInstance(i), ResourceKinds.Convergence));
            converged.MadeAt.Should().BeAfter(played.Object(ObjectOf(EtcdInstance(i), ResourceKinds.Machine)).MadeAt);
            played.Object(ObjectOf(EtcdInstance(i), ResourceKinds.LoadBalancerTarget)).MadeAt.Should().BeAfter(converged.MadeAt, "what does not serve yet stands behind no balancer");
        }
    }

    [Fact]
    public void Up_FromNothing_PoolsGoSideBySide()
    {
        var played = new QuickstartWorld().Up();

        var machines = played.World.Cloud.Living.Where(o => o.Kind == ResourceKinds.Machine).ToList();

        (machines.Max(m => m.MadeAt) - machines.Min(m => m.MadeAt)).Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Cluster_IsNotReady_BeforeItsEnvironmentIs()
    {
        var played = new QuickstartWorld();
        var readies = 0;
        played.World.Committed = state =>
        {
            if (state.Address == Demo && state.Phase == Phase.Ready)
            {
                readies++;
                played.World.StateOf(Edge).Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Outputs != null);
                Declared().Should().OnlyContain(a => played.World.StateOf(a)!.Phase == Phase.Ready);
            }
            else if (state.Address == Demo && played.World.StateOf(Edge) is not { EverReady: true })
            {
                state.Condition!.Message.Should().Be("It waits for environment dev.");
            }
        };

        played.Up();

        readies.Should().BePositive();
    }

    [Fact]
    public void EtcdMachine_Vanished_IsMadeAgainAndNothingElseIs()
    {
        var played = new QuickstartWorld().Up();
        var before = Snapshot(played);
        var convergence = played.Object(ObjectOf(EtcdInstance(1), ResourceKinds.Convergence)).Parameters;
        var phases = Phases(played, Demo);

        played.Vanish(ObjectOf(EtcdInstance(1), ResourceKinds.Machine));
        played.Settle();

        played.ShouldBeReady();
        var machine = played.Object(ObjectOf(EtcdInstance(1), ResourceKinds.Machine));
        machine.Incarnation.Should().Be(2);
        played.Object(ObjectOf(EtcdInstance(1), ResourceKinds.Convergence)).Parameters.Should().Be(convergence.Replace(before[machine.Owner].Id, machine.Id, StringComparison.Ordinal));
        phases.Should().Equal(Phase.Degraded, Phase.Ready);
        Touched(before, Snapshot(played)).Should().BeEquivalentTo([machine.Owner, ObjectOf(EtcdInstance(1), ResourceKinds.Convergence)]);
    }

    [Fact]
    public void Edge_Vanished_IsMadeAgainAndWhatHangsOnItFollows()
    {
        var played = new QuickstartWorld().Up();
        var before = Snapshot(played);

        played.Vanish(Edge);
        played.Settle();

        played.ShouldBeReady();
        Touched(before, Snapshot(played)).Should().BeEquivalentTo(
        [
            Edge, Dev.Capability(ResourceKinds.DnsZone, "private"), Dev.Capability(ResourceKinds.DnsZone, "public"),
            Demo.Capability(ResourceKinds.EdgeAttachment, "main"), Demo.Capability(ResourceKinds.LoadBalancer, "etcd"), Demo.Capability(ResourceKinds.LoadBalancer, "ssh"),
            .. new[] { Bastion.Nested(MachineKind.Instance, "0"), EtcdInstance(0), EtcdInstance(1), EtcdInstance(2) }.Select(i => ObjectOf(i, ResourceKinds.AccessIdentity)),
        ]);
        played.Object(Edge).Incarnation.Should().Be(2);
    }

    [Fact]
    public void DeleteCluster_WithConsent_LeavesOnlyTheEnvironment()
    {
        var played = new QuickstartWorld().Up();

        played.DeleteCluster(consent: true);
        played.Settle();

        played.ShouldBeReady(Declared(cluster: false));
        played.Cluster!.Phase.Should().Be(Phase.Deleted);
        played.Environment!.Children.Keys.Should().NotContain("/demo");
    }

    [Fact]
    public void DeleteCluster_WithoutConsent_BlocksOnItsVolumesAndFinishesWithIt()
    {
        var played = new QuickstartWorld().Up();

        played.DeleteCluster(consent: false);
        played.World.Run(() => played.Cluster!.Phase == Phase.Blocked);
        played.World.Pass(TimeSpan.FromMinutes(2));

        played.World.Cloud.Living.Count(o => o.Kind == ResourceKinds.Volume).Should().Be(3);
        played.World.Cloud.Living.Should().NotContain(o => o.Kind == ResourceKinds.Machine);
        var volume = played.World.StateOf(ObjectOf(EtcdInstance(0), ResourceKinds.Volume))!;
        volume.Should().Match<MachineState>(s => s.Phase == Phase.Blocked && s.Condition!.Reason == Condition.ConsentNeeded);
        played.Cluster!.Condition!.Reason.Should().Be(Condition.ConsentNeeded);
        played.Cluster.Condition.Message.Should().Be("dev/demo/etcd-0#volume/data holds data; repeat the command with --allow-data-loss naming its pool to let it go.");

        played.DeleteCluster(consent: true);
        played.Settle();

        played.ShouldBeReady(Declared(cluster: false));
    }

    [Fact]
    public void DeleteEnvironment_AfterItsCluster_LeavesNothing()
    {
        var played = new QuickstartWorld().Up();
        played.DeleteCluster(consent: true);
        played.Settle();

        played.DeleteEnvironment(consent: true);
        played.Settle();

        ShouldBeGone(played);
    }

    [Fact]
    public void DeleteEnvironment_WithoutConsent_KeepsItsBackupsAndNothingElse()
    {
        var played = new QuickstartWorld().Up();
        played.DeleteCluster(consent: true);
        played.Settle();

        played.DeleteEnvironment(consent: false);
        played.World.Run(() => played.Environment!.Phase == Phase.Blocked);
        played.World.Pass(TimeSpan.FromMinutes(2));

        played.World.Cloud.Living.Select(o => o.Owner).Should().Equal(Dev.Capability(ResourceKinds.Bucket, "backups"));
        played.Environment!.Condition!.Message.Should().Be(
            "dev#bucket/backups holds data; repeat the command with --allow-data-loss dev#bucket/backups to let it go.");

        played.DeleteEnvironment(consent: true);
        played.Settle();

        ShouldBeGone(played);
    }

    [Fact]
    public void DeleteEnvironment_WithConsent_DoesNotConsentForItsClusters()
    {
        var played = new QuickstartWorld().Up();
        played.DeleteCluster(consent: false);

        played.DeleteEnvironment(consent: true);
        played.World.Run(() => played.Environment!.Phase == Phase.Blocked);

        played.World.Cloud.Living.Count(o => o.Kind == ResourceKinds.Volume).Should().Be(3);
    }

    [Fact]
    public void DeleteEnvironment_WhileItsClusterIsLeaving_RunsBackwardsAndLeavesNothing()
    {
        var played = new QuickstartWorld().Up();

        played.DeleteCluster(consent: true);
        played.DeleteEnvironment(consent: true);
        played.Settle();

        ShouldBeGone(played);
    }

    [Fact]
    public void PoolSize_Changed_RollsInstancesOneByOne()
    {
        var played = new QuickstartWorld().Up();
        var before = Snapshot(played);
        var worst = 0;
        played.World.Committed = _ => worst = Math.Max(worst, Enumerable.Range(0, 3).Count(i => played.World.StateOf(EtcdInstance(i))!.Phase != Phase.Ready));

        played.PutCluster(Quickstart.Etcd(size: "medium"));
        played.Settle();

        played.ShouldBeReady();
        worst.Should().Be(1);
        Touched(before, Snapshot(played)).Should().BeEquivalentTo(Enumerable.Range(0, 3)
            .SelectMany(i => new[] { ObjectOf(EtcdInstance(i), ResourceKinds.Machine), ObjectOf(EtcdInstance(i), ResourceKinds.Convergence) }));
        played.World.Cloud.Living.Where(o => o.Owner.Key.StartsWith(Etcd.Key, StringComparison.Ordinal) && o.Kind == ResourceKinds.Machine)
            .Should().OnlyContain(o => ResourceJson.Read<MachineSpec>(o.Parameters).Size == "medium");
    }

    [Fact]
    public void PoolSize_ChangedWhileOneMemberIsDown_MendsThatOneFirst()
    {
        var played = new QuickstartWorld().Up();
        played.Vanish(ObjectOf(EtcdInstance(2), ResourceKinds.Machine));
        played.World.Run(() => played.World.StateOf(EtcdInstance(2))!.Phase == Phase.Degraded && played.World.StateOf(Etcd)!.Phase == Phase.Degraded);
        var worst = 0;
        played.World.Committed = _ => worst = Math.Max(worst, Enumerable.Range(0, 3).Count(i => played.World.StateOf(EtcdInstance(i))!.Phase != Phase.Ready));

        played.PutCluster(Quickstart.Etcd(size: "medium"));
        played.Settle();

        played.ShouldBeReady();
        worst.Should().Be(1);
    }

    [Fact]
    public void Paused_Cluster_ChangesNothingUntilResumed()
    {
        var played = new QuickstartWorld().Up();
        var before = Snapshot(played);

        played.PutCluster(Quickstart.Etcd(size: "medium") with { Paused = true });
        played.Settle();

        played.Cluster!.Phase.Should().Be(Phase.Paused);
        played.Environment!.Phase.Should().Be(Phase.Ready);
        Touched(before, Snapshot(played)).Should().BeEmpty();
        played.ShouldBeQuiet();

        played.PutCluster(Quickstart.Etcd(size: "medium"));
        played.Settle();

        played.ShouldBeReady();
        Touched(before, Snapshot(played)).Should().HaveCount(6);
    }

    [Fact]
    public void Paused_FromTheFirst_MakesNothingUntilResumed()
    {
        var played = new QuickstartWorld();

        played.Put(Quickstart.Desired(cluster: Quickstart.Cluster with { Paused = true }));
        played.Settle();
        played.World.Cloud.Living.Select(o => o.Owner).Should().BeEquivalentTo(Declared(cluster: false));

        played.PutCluster(Quickstart.Cluster);
        played.Settle();

        played.ShouldBeReady();
    }

    [Fact]
    public void Paused_Cluster_CanBeDeleted()
    {
        var played = new QuickstartWorld().Up();
        played.PutCluster(Quickstart.Cluster with { Paused = true });
        played.Settle();

        played.DeleteCluster(consent: true);
        played.Settle();

        played.ShouldBeReady(Declared(cluster: false));
    }

    [Fact]
    public void PublicZone_AddedToALiveEnvironment_LeavesItsClustersStanding()
    {
        var played = new QuickstartWorld();
        var inner = Quickstart.Environment with { Dns = new EnvironmentDns { PrivateZone = "tarmak.local" } };
        played.Put(Quickstart.Desired(environment: inner));
        played.Settle();
        played.ShouldBeReady(Declared(publicZone: false));
        var before = Snapshot(played);

        played.PutEnvironment(Quickstart.Environment);
        played.Settle();

        played.ShouldBeReady();
        var after = Snapshot(played);
        before.Keys.Where(k => after[k].Id != before[k].Id).Should().BeEmpty("nothing that served was made anew");
    }

    [Fact]
    public void PublicZone_TakenFromALiveEnvironment_GoesAfterTheNamesInIt()
    {
        var played = new QuickstartWorld().Up();

        played.PutEnvironment(Quickstart.Environment with { Dns = new EnvironmentDns { PrivateZone = "tarmak.local" } });
        played.Settle();

        played.ShouldBeReady(Declared(publicZone: false));
    }

    [Theory]
    [InlineData("dev/demo/etcd")]
    [InlineData("all")]
    [InlineData("dev/demo/etcd-3/data", "dev/demo/etcd-4/data")]
    public void Pool_ShrunkWithConsent_GivesItsVolumesUp(params string[] consent)
    {
        var played = new QuickstartWorld();
        played.Put(Quickstart.Desired(cluster: Quickstart.Etcd(count: 5)));
        played.Settle();
        played.ShouldBeReady(Declared(members: 5));

        played.PutCluster(Quickstart.Etcd(count: 3), consent);
        played.Settle();

        played.ShouldBeReady();
    }

    [Fact]
    public void Pool_ShrunkWithoutConsent_KeepsItsVolumesUntilItIsGiven()
    {
        var played = new QuickstartWorld();
        played.Put(Quickstart.Desired(cluster: Quickstart.Etcd(count: 5)));
        played.Settle();

        played.PutCluster(Quickstart.Etcd(count: 3));
        played.World.Run(() => played.Cluster!.Phase == Phase.Blocked);
        played.World.Pass(TimeSpan.FromMinutes(2));
        played.World.Cloud.Living.Count(o => o.Kind == ResourceKinds.Volume).Should().Be(5);

        played.PutCluster(Quickstart.Etcd(count: 3), "dev/demo/etcd");
        played.Settle();

        played.ShouldBeReady();
    }

    [Fact]
    public void Volume_LeftOutWithConsent_IsGivenUp()
    {
        var more = ", volumes: [ { name: data, sizeGiB: 5 }, { name: wal, sizeGiB: 2 } ]";
        var played = new QuickstartWorld();
        played.Put(Quickstart.Desired(cluster: Quickstart.Etcd(more: more)));
        played.Settle();
        played.World.Cloud.Living.Count(o => o.Kind == ResourceKinds.Volume).Should().Be(6);

        played.PutCluster(Quickstart.Cluster, "dev/demo/etcd");
        played.Settle();

        played.ShouldBeReady();
    }

    [Fact]
    public void Name_UsedAgainAfterDeletion_GetsNewIdentities()
    {
        var played = new QuickstartWorld().Up();
        var before = Uids(played);
        played.DeleteCluster(consent: true);
        played.Settle();

        played.PutCluster(Quickstart.Cluster);
        played.Settle();

        played.ShouldBeReady();
        Uids(played).Should().NotIntersectWith(before);
    }

    [Fact]
    public void Name_UsedAgainWhileItsDeletionIsUnderWay_GetsNewIdentities()
    {
        var played = new QuickstartWorld().Up();
        var before = Uids(played);
        played.DeleteCluster(consent: true);
        played.World.Pass(TimeSpan.FromSeconds(2));

        played.PutCluster(Quickstart.Cluster);
        played.Settle();

        played.ShouldBeReady();
        Uids(played).Should().NotIntersectWith(before);
    }

    [Fact]
    public void Name_UsedAgainAtOnceAndWhateverIsUnderWay_GetsANewIdentity()
    {
        for (var milliseconds = 100; milliseconds < 9000; milliseconds += Sweep.Size(450, 50))
        {
            var played = new QuickstartWorld(tracing: false).Up();
            var before = played.Cluster!.Uid;
            played.Vanish(Edge);
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));

            played.DeleteCluster(consent: true);
            played.PutCluster(Quickstart.Cluster);
            played.Settle();

            played.ShouldBeReady();
            played.Cluster!.Uid.Should().NotBe(before, $"it was deleted {milliseconds} ms after");
        }
    }

    [Fact]
    public void Environment_MadeAgainAfterDeletion_EndsReady()
    {
        var played = new QuickstartWorld().Up();
        played.DeleteCluster(consent: true);
        played.Settle();
        played.DeleteEnvironment(consent: true);
        played.Settle();

        played.BeginAgain(Quickstart.Desired());
        played.Settle();

        played.ShouldBeReady();
    }

    private static void ShouldBeGone(QuickstartWorld played)
    {
        played.World.Cloud.Living.Should().BeEmpty();
        played.World.Machines.Values.Select(m => m.State.Phase).Should().OnlyContain(p => p == Phase.Deleted);
        played.ShouldBeQuiet();
    }

    private static Dictionary<MachineAddress, (string Id, string Parameters)> Snapshot(QuickstartWorld played) =>
        played.World.Cloud.Living.ToDictionary(o => o.Owner, o => (o.Id, o.Parameters));

    private static IEnumerable<MachineAddress> Touched(
        Dictionary<MachineAddress, (string Id, string Parameters)> before, Dictionary<MachineAddress, (string Id, string Parameters)> after) =>
        before.Keys.Union(after.Keys).Where(k => !before.TryGetValue(k, out var was) || !after.TryGetValue(k, out var now) || was != now);

    private static HashSet<string> Uids(QuickstartWorld played) => [.. played.World.Machines.Values
        .Where(m => m.State.Address == Demo || m.State.Address.Key.StartsWith(Demo.Key + "/", StringComparison.Ordinal)).Select(m => m.State.Uid!)];

    private static List<Phase> Phases(QuickstartWorld played, MachineAddress address)
    {
        var seen = new List<Phase>();
        played.World.Committed = state =>
        {
            if (state.Address == address && (seen.Count == 0 || seen[^1] != state.Phase))
            {
                seen.Add(state.Phase);
            }
        };
        return seen;
    }
}
