using Tarmak.Agent.Relay;

namespace Tarmak.Agent.Tests.Relay;

public sealed class TunnelPoolTests
{
    private readonly TunnelPool _pool = new(new RelayLimits { IdleTunnels = 2, WaitingAgents = 1 });

    [Fact]
    public async Task Take_WithSeveralTunnels_GivesTheNewest()
    {
        IdleTunnel newest = Tunnel();
        _pool.Add(Tunnel());
        _pool.Add(newest);

        (await _pool.TakeAsync(Token)).Should().BeSameAs(newest);
        _pool.Count.Should().Be(1);
    }

    [Fact]
    public void Add_BeyondTheLimit_GivesTheOldestBack()
    {
        IdleTunnel oldest = Tunnel();
        _pool.Add(oldest);
        _pool.Add(Tunnel());

        _pool.Add(Tunnel()).Should().BeSameAs(oldest);
        _pool.Count.Should().Be(2);
    }

    [Fact]
    public async Task Take_WithNoTunnel_WaitsForTheNextOne()
    {
        Task<IdleTunnel?> waiting = _pool.TakeAsync(Token);
        IdleTunnel tunnel = Tunnel();

        _pool.Add(tunnel);

        (await waiting).Should().BeSameAs(tunnel);
        _pool.Count.Should().Be(0);
    }

    [Fact]
    public async Task Take_GivenUp_LeavesTheNextTunnelToOthers()
    {
        using CancellationTokenSource patience = new();
        Task<IdleTunnel?> waiting = _pool.TakeAsync(patience.Token);
        await patience.CancelAsync();

        (await waiting).Should().BeNull();
        _pool.Add(Tunnel());
        _pool.Count.Should().Be(1);
    }

    [Fact]
    public async Task Take_WhenTooManyWait_IsRefusedAtOnce()
    {
        Task<IdleTunnel?> first = _pool.TakeAsync(Token);

        (await _pool.TakeAsync(Token)).Should().BeNull();
        _pool.Add(Tunnel());
        (await first).Should().NotBeNull();
    }

    [Fact]
    public async Task Sweep_WithDeadTunnels_ClosesThem()
    {
        _pool.Add(Tunnel());

        (await _pool.SweepAsync(Token)).Should().Be(1);
        _pool.Count.Should().Be(0);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A tunnel whose engine has gone: nothing can be read from it.</summary>
    private static IdleTunnel Tunnel() => new(new MemoryStream());
}
