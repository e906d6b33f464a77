using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Hub;

/// <summary>The hub example, as its user meets it: who reaches whom is measured by real connections.</summary>
public sealed class HubTests
{
    private const string HubBastion = "10.100.32.40";
    private const string AppEtcd = "10.101.32.20";
    private const string WebEtcd = "10.102.32.20";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HubWithTwoSpokes_IsReachedByItsBastion_AndSpokesReachOnlyWhatTheTableAllows()
    {
        await using var installation = await Installation.OfExampleAsync(Checkout.Hub, text => text);
        (await installation.UpAsync(Token)).Should().Contain("dev/app").And.Contain("dev/web");

        // By the hub's bastion into both spokes, which is SSH from another network.
        (await installation.MustAsync(Token, "ssh", "dev/app/etcd-0", "--", "hostname")).Trim().Should().Be("etcd-0");
        foreach (var (from, address, port, open) in new[]
        {
            ("dev/hub/bastion-0", AppEtcd, 22, true),
            ("dev/hub/bastion-0", WebEtcd, 22, true),
            ("dev/hub/bastion-0", AppEtcd, 2379, false),
            ("dev/app/etcd-0", HubBastion, 22, false),
            ("dev/app/etcd-0", WebEtcd, 22, false),
            ("dev/app/etcd-0", WebEtcd, 2379, false),
        })
        {
            (await ReachesAsync(installation, from, address, port)).Should().Be(open, "{0} to {1}:{2}", from, address, port);
        }

        // A hub that clusters stand on stays, and says which.
        var refused = await installation.TarmakAsync(Token, "delete", "cluster", "dev/hub", "--yes", "--allow-data-loss", "all");
        refused.ExitCode.Should().Be(1);
        refused.Output.Should().Contain("app").And.Contain("web");

        // One spoke goes, and the other does not notice.
        await installation.MustAsync(Token, "delete", "cluster", "dev/web", "--yes", "--allow-data-loss", "all");
        (await ReachesAsync(installation, "dev/hub/bastion-0", AppEtcd, 22)).Should().BeTrue();
        await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
    }

    private static async Task<bool> ReachesAsync(Installation installation, string instance, string address, int port)
    {
        var said = await installation.MustAsync(
            Token, "ssh", instance, "--", $"timeout 3 bash -c ': > /dev/tcp/{address}/{port}' 2> /dev/null && echo open || echo closed");
        return said.Trim() == "open";
    }
}
