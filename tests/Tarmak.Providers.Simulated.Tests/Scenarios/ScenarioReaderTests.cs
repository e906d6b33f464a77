using System.Runtime.CompilerServices;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Providers.Simulated.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    [Fact]
    public void Read_TheExample_TakesEverythingInIt()
    {
        var scenario = ScenarioReader.ReadFile(Path.Combine(Root(), "docs", "examples", "scenarios", "awkward.yaml"));

        (scenario.Seed, scenario.Profile.Name, scenario.Profile.VisibilityBound).Should().Be((7, "no-tokens", TimeSpan.FromSeconds(8)));
        scenario.Profile.Latencies[CloudMethod.Create].Should().Be(Latency.Of(0.4, 6));
        scenario.Profile.Limits[ApiFamily.Compute].Should().Be(new CallLimit(50, 5));
        scenario.Profile.Quotas[ResourceKinds.Machine].Should().Be(40);
        scenario.Faults.Select(f => f.Kind).Should().Equal(FaultKind.Fail, FaultKind.LoseReply, FaultKind.Partial, FaultKind.Hang);
        scenario.Faults[0].Error.Should().Be(ErrorClass.ResourcesDepleted);
    }

    [Fact]
    public void Read_AnEmptyFile_IsTheDefault()
    {
        var scenario = ScenarioReader.Read("s.yaml", "");

        (scenario.Seed, scenario.Profile.Name, scenario.Faults.Count).Should().Be((1, "default", 0));
    }

    [Theory]
    [InlineData("seed: 7\nprofil: x", "s.yaml:2: profil is no field of a scenario; there are seed, profile")]
    [InlineData("seed: 7\nprofile: moon", "s.yaml:2: profile moon is not there; take one of default, no-tags")]
    [InlineData("seed: many", "s.yaml:1: many is no number from 0")]
    [InlineData("\n\nvisibility: soon", "s.yaml:3: soon is no duration; write it as 80ms, 5s or 2m.")]
    [InlineData("latency:\n  jump: { median: 1s, p99: 2s }", "s.yaml:2: jump is no method; take one of describe, list")]
    [InlineData("latency:\n  create: { median: 2s, p99: 1s }", "s.yaml:2: p99 1s is below the median")]
    [InlineData("latency:\n  create: { median: 2s }", "s.yaml:2: a latency needs p99.")]
    [InlineData("limits: { moon: { burst: 1, perSecond: 1 } }", "s.yaml:1: moon is no family; take one of compute")]
    [InlineData("quotas: { moon: 1 }", "s.yaml:1: moon is no kind; take one of machine-image")]
    [InlineData("faults: { on: {} }", "s.yaml:1: faults are a list; begin each with a dash.")]
    [InlineData("faults:\n- on: { method: create }", "s.yaml:2: a fault needs do.")]
    [InlineData("faults:\n- on: { method: create }\n  do: explode", "s.yaml:3: explode is nothing a fault can do; write fail: with a class of error, loseReply, hang or partial.")]
    [InlineData("faults:\n- on: {}\n  do: { fail: badly }", "s.yaml:3: badly is no class of error; take one of unauthenticated")]
    [InlineData("faults:\n- on: { nameMatches: '(' }\n  do: hang", "s.yaml:2: nameMatches is no regular expression")]
    [InlineData("faults:\n- on: { probability: 2 }\n  do: hang", "s.yaml:2: 2 is no number from 0 to 1.")]
    [InlineData("faults:\n- on: { method: 3 }\n  do: hang", "s.yaml:2: 3 is no method")]
    [InlineData("faults: [", "s.yaml:2: is not valid YAML")]
    [InlineData("seed: 1\n---\nseed: 2", "s.yaml:3: begins a second document; a file holds one scenario.")]
    public void Read_WhatIsNoScenario_IsToldInOneSentenceWithItsLine(string text, string said)
    {
        var act = () => ScenarioReader.Read("s.yaml", text);

        var refused = act.Should().Throw<ProviderException>().Which;
        refused.Message.Should().StartWith(said).And.NotContain("\n");
        refused.Error.Should().Be(ErrorClass.InvalidSpec);
    }

    [Fact]
    public void Read_AFileThatIsNotThere_IsToldWithItsName()
    {
        var act = () => ScenarioReader.ReadFile("/nowhere/s.yaml");

        act.Should().Throw<ProviderException>().WithMessage("The scenario /nowhere/s.yaml cannot be read: *");
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
