using Tarmak.Model.Manifests;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Tests.Networking;

public sealed class FirewallTableTests
{
    [Theory]
    [InlineData(PoolRole.Etcd, PoolRole.Etcd, "all")]
    [InlineData(PoolRole.Bastion, PoolRole.Etcd, "22")]
    [InlineData(PoolRole.Bastion, PoolRole.Vault, "22 8200")]
    [InlineData(PoolRole.Worker, PoolRole.Etcd, "2359 2369 2379 9100 9115")]
    [InlineData(PoolRole.Master, PoolRole.Etcd, "2359 2369 2379")]
    [InlineData(PoolRole.Worker, PoolRole.Master, "179 6443 8085 9091 ipip")]
    [InlineData(PoolRole.Master, PoolRole.Worker, "all")]
    [InlineData(PoolRole.Etcd, PoolRole.Vault, "8200")]
    [InlineData(PoolRole.Etcd, PoolRole.Bastion, "")]
    [InlineData(PoolRole.Etcd, PoolRole.Worker, "")]
    [InlineData(PoolRole.Worker, PoolRole.Bastion, "")]
    [InlineData(PoolRole.Jenkins, PoolRole.Etcd, "")]
    [InlineData(PoolRole.Vault, PoolRole.Etcd, "")]
    public void Role_ReachesExactlyItsPorts(PoolRole from, PoolRole to, string open)
    {
        var rows = FirewallTable.To(to).Where(r => r.From is FirewallTable.Source.Machines(var role, _) && role == from).ToList();

        var found = rows.SelectMany(r => r.Protocol is FirewallProtocols.Tcp ? r.Ports.Select(p => $"{p}") : [r.Protocol]).Order(StringComparer.Ordinal);

        string.Join(' ', found).Should().Be(string.Join(' ', open.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Outside_ReachesBastionsFromAdminRangesOnly()
    {
        FirewallTable.Rows.Where(r => r.From is FirewallTable.Source.AdminRanges).Should().ContainSingle()
            .Which.Should().Match<FirewallTable.Row>(r => r.To == PoolRole.Bastion && r.Ports.Single() == 22);
    }
}
