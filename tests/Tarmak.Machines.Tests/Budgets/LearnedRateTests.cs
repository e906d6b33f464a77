using Tarmak.Machines.Budgets;

namespace Tarmak.Machines.Tests.Budgets;

public sealed class LearnedRateTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Rate_NothingDeclared_IsOpenUntilTheFirstRefusal()
    {
        var rate = new LearnedRate(null, TimeSpan.Zero);
        rate.IsOpen.Should().BeTrue();

        rate.Refused(TimeSpan.Zero, measured: 30, Minute);

        rate.PerSecond.Should().Be(15);
        rate.TryTake(Minute).Should().BeNull();
        rate.TryTake(Minute + TimeSpan.FromSeconds(0.1)).Should().NotBeNull();
    }

    [Fact]
    public void Refusals_OfCallsLetGoBeforeTheFirst_LowerTheRateOnce()
    {
        var rate = new LearnedRate(new CallRate(100, 20), TimeSpan.Zero);
        rate.Refused(TimeSpan.Zero, 1, Minute);

        rate.Refused(TimeSpan.FromSeconds(1), 1, Minute + TimeSpan.FromSeconds(1));
        rate.PerSecond.Should().BeApproximately(14, 0.001);

        rate.Refused(Minute + TimeSpan.FromSeconds(1), 1, Minute + TimeSpan.FromSeconds(2));
        rate.PerSecond.Should().BeApproximately(9.8, 0.001);
    }

    [Fact]
    public void Rate_AfterARefusal_ComesBackWhileMoreIsWanted_AndNeverAboveWhatIsDeclared()
    {
        var rate = new LearnedRate(new CallRate(100, 20), TimeSpan.Zero);
        rate.Refused(TimeSpan.Zero, 1, TimeSpan.Zero);

        rate.TryTake(Minute).Should().NotBeNull();
        rate.PerSecond.Should().BeApproximately(14, 0.001, "nobody wanted more");
        for (var now = Minute; now < 3 * Minute; now += TimeSpan.FromSeconds(0.01))
        {
            if (rate.TryTake(now) is { } call)
            {
                rate.Spend(call);
            }
        }

        rate.PerSecond.Should().Be(20);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(150)]
    public void Rate_OfACloudThatDeclaresNothing_IsFound_WithFewCallsRefused(double allowed)
    {
        var rate = new LearnedRate(null, TimeSpan.Zero);
        var (left, now, made, refused) = (allowed, TimeSpan.Zero, 0, 0);
        var step = TimeSpan.FromSeconds(0.005);
        for (; now < 30 * Minute; now += step)
        {
            left = Math.Min(allowed, left + (allowed * step.TotalSeconds));
            while (rate.TryTake(now) is { } call)
            {
                rate.Spend(call);
                if (left < 1)
                {
                    refused++;
                    rate.Refused(now, measured: allowed * 2, now + step);
                    break;
                }

                left--;
                made++;
            }
        }

        ((double)refused / (made + refused)).Should().BeLessThan(0.01);
        made.Should().BeGreaterThan((int)(allowed * now.TotalSeconds * 0.75));
    }
}
