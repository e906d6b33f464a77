using System.Diagnostics;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests.Time;

public sealed class VirtualClockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delay_OfADay_TakesNoTime_AndADay()
    {
        using var clock = new VirtualClock();
        var (begun, real) = (clock.GetUtcNow(), Stopwatch.StartNew());

        await Task.Delay(TimeSpan.FromDays(1), clock, Token);

        (clock.GetUtcNow() - begun).Should().Be(TimeSpan.FromDays(1));
        real.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Timers_OfManyTasks_ComeInTheirOrder()
    {
        using var clock = new VirtualClock();
        var came = new List<int>();

        await Task.WhenAll(new[] { 30, 10, 20 }.Select(async seconds =>
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), clock, Token);
            lock (came)
            {
                came.Add(seconds);
            }
        }));

        came.Should().Equal(10, 20, 30);
    }

    [Fact]
    public async Task Deadline_WhileSomebodyWorks_DoesNotPass()
    {
        using var clock = new VirtualClock();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), clock);

        var late = await Task.Run(() =>
        {
            for (var real = Stopwatch.StartNew(); real.Elapsed < VirtualClock.Patience / 10;)
            {
                Thread.SpinWait(1000);
            }

            return deadline.IsCancellationRequested;
        }, Token);

        late.Should().BeFalse("time stands still while anything runs");
    }

    [Fact]
    public async Task Timer_ThatWasDisposed_NeverComes()
    {
        using var clock = new VirtualClock();
        var came = 0;
        await using (clock.CreateTimer(_ => came++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan))
        {
        }

        await Task.Delay(TimeSpan.FromSeconds(2), clock, Token);

        came.Should().Be(0);
    }

    [Fact]
    public async Task Timer_ThatRepeats_ComesEachTime()
    {
        using var clock = new VirtualClock();
        var came = 0;
        await using var timer = clock.CreateTimer(_ => came++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        await Task.Delay(TimeSpan.FromSeconds(5.5), clock, Token);

        came.Should().Be(5);
    }
}
