using CsCheck;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.Simulation;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>
/// Random graphs, changes and deletions in worlds where things go wrong. Each case follows from its number alone;
/// a failure names it.
/// </summary>
public sealed class RandomGraphTests
{
    [Fact]
    public void AnyScenario_NothingGoesWrong_EndsAsDeclared() => Try(Sweep.Size(150, 5000), 1, _ => SimulationFaults.None);

    [Fact]
    public void AnyScenario_MessagesAreLostDoubledAndReordered_EndsAsDeclared() => Try(Sweep.Size(150, 5000), 2, _ => new SimulationFaults
    {
        HintLoss = 0.4,
        HintDuplication = 0.3,
        CommandLoss = 0.2,
        CommandDuplication = 0.2,
        AnswerLoss = 0.2,
        NeedlessWake = 0.2,
    });

    [Fact]
    public void AnyScenario_CallsFailAreLostAndSeeThePast_EndsAsDeclared() => Try(Sweep.Size(150, 5000), 3, _ => new SimulationFaults
    {
        CallLoss = 0.1,
        ReplyLoss = 0.15,
        CallFailure = 0.15,
        LateFailure = 0.1,
        SlowCall = 0.2,
        StaleRead = 0.5,
    });

    [Fact]
    public void AnyScenario_ActivationsAreDoubledStallAndDie_EndsAsDeclared() => Try(Sweep.Size(150, 5000), 4, _ => new SimulationFaults
    {
        DuplicateActivation = 0.15,
        Stall = 0.1,
        Death = 0.05,
        ProcessDeath = 0.005,
        SlowCall = 0.3,
    });

    [Fact]
    public void AnyScenario_EverythingGoesWrong_EndsAsDeclared() =>
        Try(Sweep.Size(250, 20000), 5, n => SimulationFaults.Everything(0.02 + (0.02 * (n % 5))));

    [Fact]
    public void AnyScenario_EverythingGoesWrongOnATightBudget_EndsAsDeclared() =>
        Try(Sweep.Size(100, 10000), 6, n => SimulationFaults.Everything(0.02 + (0.02 * (n % 5))), world => world.UseBudgets(static ask => (ask.Reads ? "reads" : "writes", new CallRate(3, 1))));

    private static void Try(int cases, uint stream, Func<int, SimulationFaults> faults, Action<SimulatedWorld>? prepare = null)
    {
        var only = Environment.GetEnvironmentVariable("TARMAK_CASE") is { } chosen ? int.Parse(chosen, System.Globalization.CultureInfo.InvariantCulture) : (int?)null;
        var failures = new List<string>();
        for (var n = only ?? 0; n < (only + 1 ?? cases) && failures.Count < 3; n++)
        {
            var scenario = Scenario.Any.Generate(new PCG(stream, (ulong)n), null, out _);
            var played = new ScenarioWorld(n, faults(n));
            prepare?.Invoke(played.World);
            try
            {
                played.Play(scenario);
                played.Settle();
            }
            catch (SimulationFailedException e)
            {
                failures.Add($"Case {n} of stream {stream}: {scenario}\n{e.Message}{e.InnerException}");
            }
        }

        failures.Should().BeEmpty();
    }
}
