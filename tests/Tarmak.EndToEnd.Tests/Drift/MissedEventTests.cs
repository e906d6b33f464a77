using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Drift;

/// <summary>The container engine's events are hints: where none arrives, the comparison at a cadence finds what is gone.</summary>
public sealed class MissedEventTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RemovedMachine_WhoseEventNobodyHeard_IsNoticedWithinAMinuteAndMended()
    {
        using var containers = new ContainerEngine();
        await using var proxy = new CountingProxy(containers.Socket) { Deafens = true };
        await using var installation = await Installation.CreateAsync("10.96.0.0/16", proxy.SocketPath);
        await installation.UpAsync(Token);
        var lost = await containers.MachineAsync(installation.Identity(), "dev/demo/etcd/1", Token);

        await containers.RemoveAsync(lost.ID, Token);

        await Eventually.SeeAsync("degraded cluster", TimeSpan.FromSeconds(60), () => installation.PhaseAsync("Degraded", Token), Token);
        await Eventually.SeeAsync("ready cluster", TimeSpan.FromMinutes(3), () => installation.PhaseAsync("Ready", Token), Token);
        (await containers.MachineAsync(installation.Identity(), "dev/demo/etcd/1", Token)).ID.Should().NotBe(lost.ID);
    }
}
