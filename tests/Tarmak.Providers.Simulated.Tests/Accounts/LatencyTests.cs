using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Tests.Accounts;

public sealed class LatencyTests
{
    [Fact]
    public void Draw_OfMany_HasTheMedianAndThe99thPercentile()
    {
        const int Many = 20_000;
        var latency = Latency.Of(0.1, 2);
        var chance = new Chance(1);

        var drawn = Enumerable.Range(0, Many).Select(_ => latency.Draw(ref chance).TotalSeconds).Order().ToList();

        drawn[Many / 2].Should().BeApproximately(0.1, 0.01);
        drawn[Many * 99 / 100].Should().BeApproximately(2, 0.3);
    }

    [Fact]
    public void Draw_OfNone_TakesNoTime()
    {
        var chance = new Chance(1);

        Latency.None.Draw(ref chance).Should().Be(TimeSpan.Zero);
    }
}
