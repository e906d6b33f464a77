using Microsoft.Extensions.Time.Testing;
using Tarmak.Agent.Configuration;
using Tarmak.Agent.Running;

namespace Tarmak.Agent.Tests.Running;

public sealed class RunScheduleTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RunSchedule _schedule;

    public RunScheduleTests() => _schedule = new RunSchedule(_clock, new Random(1));

    [Fact]
    public void Due_AtStart_IsTrue() => _schedule.Due.Should().BeTrue();

    [Fact]
    public void Ran_Changed_IsFollowedAtOnce()
    {
        _schedule.Ran(RunResult.Changed, null);

        _schedule.Due.Should().BeTrue();
    }

    [Fact]
    public void Ran_ChangedTooOften_BacksOff()
    {
        for (int run = 0; run < RunSchedule.MostChangingRuns; run++)
        {
            _schedule.Ran(RunResult.Changed, null);
        }

        _schedule.Due.Should().BeFalse();
    }

    [Fact]
    public void Ran_Unchanged_WaitsForTheCadence()
    {
        _schedule.Ran(RunResult.Unchanged, TimeSpan.FromMinutes(10));

        _schedule.Remaining.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMinutes(9)).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(11));
        _clock.Advance(TimeSpan.FromMinutes(11));
        _schedule.Due.Should().BeTrue();
    }

    [Fact]
    public void Ran_FailedAgainAndAgain_WaitsLongerUpToALimit()
    {
        _schedule.Ran(RunResult.Failed, null);
        TimeSpan first = _schedule.Remaining;
        for (int run = 0; run < 40; run++)
        {
            _schedule.Ran(RunResult.Failed, null);
        }

        first.Should().BeLessThan(TimeSpan.FromSeconds(6));
        _schedule.Remaining.Should().BeGreaterThan(TimeSpan.FromMinutes(4)).And.BeLessThan(TimeSpan.FromMinutes(6));
    }

    [Fact]
    public void Reset_AfterFailures_RunsAtOnce()
    {
        _schedule.Ran(RunResult.Failed, null);

        _schedule.Reset();

        _schedule.Due.Should().BeTrue();
    }
}
