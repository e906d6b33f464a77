using Tarmak.Model.Manifests;

namespace Tarmak.Model.Tests.Manifests;

public sealed class SpecHashTests
{
    [Fact]
    public void Of_Quickstart_NeverChanges()
    {
        // States that were written hold this hash. If it changes, every cluster looks changed after an upgrade.
        SpecHash.Of(Documents.ReadCluster("{}").Spec).Should().Be("017546c04b2d5a09456327f30beb58899101a994a06582a0c33ddffaffb635e9");
    }

    [Theory]
    [InlineData("{ type: single, paused: false, network: { cidr: 10.99.0.0/16 } }")]
    [InlineData("{ instancePools: [ { role: bastion, name: bastion }, { size: small, count: 3, role: etcd, name: etcd, labels: {} } ] }")]
    public void Of_TheSameSpecWrittenOtherwise_IsTheSame(string spec) =>
        SpecHash.Of(Documents.ReadCluster(spec).Spec).Should().Be(SpecHash.Of(Documents.ReadCluster("{}").Spec));

    [Theory]
    [InlineData("0.10", "0.1")]
    [InlineData("1.000", "1")]
    public void Of_TheSamePriceWrittenOtherwise_IsTheSame(string one, string other)
    {
        static ClusterSpec With(string price) => Documents.ReadCluster(
            $"{{ kubernetes: {{}}, instancePools: [ {{ name: b, role: bastion }}, {{ name: v, role: vault }}, {{ name: e, role: etcd }}, {{ name: m, role: master }}, {{ name: w, role: worker, spotPrice: {price} }} ] }}").Spec;

        SpecHash.Of(With(one)).Should().Be(SpecHash.Of(With(other)));
    }

    [Fact]
    public void Of_OrderOfLabels_DoesNotMatter()
    {
        var one = InstancePoolSpec.Default(PoolRole.Etcd) with { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };
        var other = one with { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };

        SpecHash.Of(one).Should().Be(SpecHash.Of(other));
        one.Should().Be(other);
        SpecHash.Of(one with { Size = "large" }).Should().NotBe(SpecHash.Of(one));
    }
}
