using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Hosting;

namespace Tarmak.Grains.Tests.Hosting;

public sealed class LastingLoopTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<string> told = [];

    [Fact]
    public async Task Loop_ThrowsAndEnds_IsBegunAnewAndToldOnce()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;

        var loop = LastingLoop.RunAsync(
            _ => ++runs switch
            {
                1 or 2 => throw new InvalidOperationException("torn"),
                3 => Task.CompletedTask,
                4 => throw new InvalidOperationException("other"),
                _ => stop.CancelAsync(),
            },
            failure => told.Add(failure.Message), time, stop.Token);
        while (!loop.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await loop;
        runs.Should().Be(5);
        told.Should().Equal("torn", "other");
    }

    [Fact]
    public async Task Loop_FailsAgainAfterALongRun_IsToldAgain()
    {
        using var stop = new CancellationTokenSource();
        var runs = 0;

        var loop = LastingLoop.RunAsync(
            _ =>
            {
                if (++runs == 3)
                {
                    return stop.CancelAsync();
                }

                time.Advance(TimeSpan.FromMinutes(1));
                throw new InvalidOperationException("torn");
            },
            failure => told.Add(failure.Message), time, stop.Token);
        while (!loop.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        told.Should().Equal("torn", "torn");
    }
}
