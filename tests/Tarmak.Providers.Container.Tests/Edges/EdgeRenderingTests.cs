using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Edges;

public sealed class EdgeRenderingTests
{
    private static readonly RecordedOwner Mark = RecordedOwner.Of(TestCalls.Call("x"));

    [Fact]
    public void Balancer_WithTargets_IsAListener()
    {
        var balancer = new EdgeBalancer
        {
            Mark = Mark, Port = 21005, IdleSeconds = 3600, Health = new HealthCheck("tls", null, 2, 1, 2, 3),
            Targets = ImmutableSortedDictionary<string, EdgeTarget>.Empty.Add("etcd-0", new EdgeTarget(Mark, "10.99.1.10", 2379)),
        };

        var text = EdgeRendering.Balancers(new EdgeState { Balancers = ImmutableSortedDictionary<string, EdgeBalancer>.Empty.Add("etcd", balancer) });

        text.Should().Contain("listen etcd\n  bind 0.0.0.0:21005\n")
            .And.Contain("default-server check check-ssl verify none inter 2s rise 2 fall 3")
            .And.Contain("  server etcd-0 10.99.1.10:2379\n");
    }

    [Fact]
    public void Zone_WithRecords_IsAZoneFile()
    {
        var zone = new EdgeZone
        {
            Mark = Mark,
            RecordSets = ImmutableSortedDictionary<string, EdgeRecordSet>.Empty
                .Add("a.z.test A", new EdgeRecordSet(Mark, "a.z.test", "A", 60, ["10.0.0.1", "10.0.0.2"])),
        };

        var text = EdgeRendering.Zone("z.test", zone, 7);

        text.Should().Contain("SOA ns.z.test. hostmaster.z.test. 7 ").And.Contain("a.z.test. 60 IN A 10.0.0.1\na.z.test. 60 IN A 10.0.0.2\n");
    }

    [Theory]
    [InlineData("CNAME", "a.b.test", "a.b.test.")]
    [InlineData("CNAME", "a.b.test.", "a.b.test.")]
    [InlineData("SRV", "0 0 9115 etcd-0.demo.test", "0 0 9115 etcd-0.demo.test.")]
    [InlineData("A", "10.0.0.1", "10.0.0.1")]
    public void Name_InAValue_IsWhole(string type, string value, string rendered)
    {
        var zone = new EdgeZone
        {
            Mark = Mark,
            RecordSets = ImmutableSortedDictionary<string, EdgeRecordSet>.Empty.Add("key", new EdgeRecordSet(Mark, "a.z.test", type, 60, [value])),
        };

        EdgeRendering.Zone("z.test", zone, 1).Should().EndWith($"a.z.test. 60 IN {type} {rendered}\n");
    }

    [Fact]
    public void Changes_OfOneZone_AreThatZoneAlone()
    {
        var present = Named("a.test", "b.test") with { Version = 3 };
        var zone = present.Zones["b.test"] with
        {
            RecordSets = ImmutableSortedDictionary<string, EdgeRecordSet>.Empty.Add("x.b.test A", new EdgeRecordSet(Mark, "x.b.test", "A", 60, ["10.0.0.1"])),
        };

        var changes = EdgeRendering.Changes(present, present with { Version = 4, Zones = present.Zones.SetItem("b.test", zone) });

        changes.Select(c => c.Name).Should().Equal("zone-b.test");
        changes.Single().Content.Should().Contain(" 4 ").And.Contain("x.b.test. 60 IN A 10.0.0.1");
    }

    [Fact]
    public void Changes_OfTheZonesThereAre_AreTheirListAndTheNewOnes()
    {
        var present = Named("a.test", "b.test") with { Version = 3 };

        var changes = EdgeRendering.Changes(present, Named("b.test", "c.test") with { Version = 4 });

        changes.Select(c => c.Name).Should().BeEquivalentTo("named.conf", "zone-c.test");
    }

    [Fact]
    public void Changes_OfWhatOnlyNamesOwners_AreNone()
    {
        var present = Named("a.test") with { Version = 3 };

        var changes = EdgeRendering.Changes(
            present, present with { Version = 4, Identities = present.Identities.Add("id", new EdgeIdentity(Mark, new AccessIdentitySpec { Instance = "dev/demo/etcd/0", InstanceUid = "uid", Role = "etcd" })) });

        changes.Should().BeEmpty();
    }

    [Fact]
    public void Changes_OfWhatNobodyKnows_AreAllFiles()
    {
        var wanted = Named("a.test");

        EdgeRendering.Changes(null, wanted).Should().Equal(EdgeRendering.Files(wanted));
    }

    private static EdgeState Named(params string[] zones) => new()
    {
        Zones = zones.ToImmutableSortedDictionary(z => z, _ => new EdgeZone { Mark = Mark }, StringComparer.Ordinal),
    };
}
