using System.Net;
using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;
using Tarmak.Model.Tests.Manifests;

namespace Tarmak.Model.Tests.Networking;

public sealed class AddressPlanTests
{
    private static readonly Cidr Cluster = Cidr.Parse("10.99.0.0/16");

    [Theory]
    [InlineData(0, PoolRole.Vault, 0, "10.99.32.10")]
    [InlineData(0, PoolRole.Etcd, 0, "10.99.32.20")]
    [InlineData(1, PoolRole.Etcd, 2, "10.99.64.22")]
    [InlineData(0, PoolRole.Bastion, 0, "10.99.32.40")]
    [InlineData(6, PoolRole.Jenkins, 0, "10.99.224.50")]
    public void Address_StatefulMachine_IsFixed(int zone, PoolRole role, int index, string address) =>
        AddressPlan.Address(Cluster, zone, role, index).Should().Be(IPAddress.Parse(address));

    [Fact]
    public void Address_EveryMachineOfTwoClusters_IsItsOwn()
    {
        var reserved = 0;
        var all = new List<IPAddress>();
        foreach (var cidr in new[] { "10.99.0.0/20", "10.99.16.0/20", "10.100.0.0/16" }.Select(Cidr.Parse))
        {
            for (var zone = 0; zone < SubnetPlan.MostZones; zone++)
            {
                var subnet = SubnetPlan.For(cidr, SubnetPlan.MostZones).Subnets[zone];
                all.AddRange([subnet.Gateway, subnet.Edge]);
                foreach (var role in RoleDefinition.All.Where(r => r.IsStateful))
                {
                    all.AddRange(Enumerable.Range(0, role.MostMachines).Select(i => AddressPlan.Address(cidr, zone, role.Role, i)));
                }

                reserved += all.Count(a => subnet.Private.Contains(a) && !Enumerable.Range(1, AddressPlan.FirstFreeOffset - 1).Any(o => subnet.Private.Host(o).Equals(a)));
            }
        }

        all.Should().OnlyHaveUniqueItems();
        reserved.Should().Be(0, "addresses from the first free offset on are given out freely");
    }

    [Theory]
    [InlineData(0, PoolRole.Worker, 0)]
    [InlineData(7, PoolRole.Etcd, 0)]
    [InlineData(0, PoolRole.Etcd, 9)]
    [InlineData(0, PoolRole.Etcd, -1)]
    public void Address_NoSuchMachine_Throws(int zone, PoolRole role, int index)
    {
        var act = () => AddressPlan.Address(Cluster, zone, role, index);

        act.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Addresses_PoolOverTwoZones_TakesThemInTurn()
    {
        var cluster = Documents.ReadCluster(Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, zones: [ y, x ] }")).Spec;

        cluster.Zones().Should().Equal("y", "x");
        AddressPlan.Addresses(cluster, cluster.Pool("etcd")!).Select(a => a.ToString()).Should().Equal("10.99.32.20", "10.99.64.21", "10.99.32.22");
        AddressPlan.Addresses(cluster, cluster.Pool("bastion")!).Select(a => a.ToString()).Should().Equal("10.99.32.40");
    }

    [Fact]
    public void SubnetPlan_ForASixteen_IsCutAsDocumented()
    {
        var plan = SubnetPlan.For(Cluster, 7);

        plan.Subnets[0].Public.ToString().Should().Be("10.99.0.0/22");
        plan.Subnets[6].Public.ToString().Should().Be("10.99.24.0/22");
        plan.Subnets[0].Private.ToString().Should().Be("10.99.32.0/19");
        plan.Subnets[6].Private.ToString().Should().Be("10.99.224.0/19");
        plan.Subnets[0].Gateway.ToString().Should().Be("10.99.32.1");
        plan.Subnets[0].Edge.ToString().Should().Be("10.99.32.2");
    }

    [Theory]
    [InlineData("10.99.0.0/21", 1)]
    [InlineData("10.0.0.0/8", 1)]
    [InlineData("10.99.0.0/16", 0)]
    [InlineData("10.99.0.0/16", 8)]
    public void SubnetPlan_OutOfBounds_Throws(string cidr, int zones)
    {
        var act = () => SubnetPlan.For(Cidr.Parse(cidr), zones);

        act.Should().Throw<ArgumentOutOfRangeException>();
    }
}
