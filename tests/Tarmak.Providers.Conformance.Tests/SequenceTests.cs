using System.Text.RegularExpressions;
using Tarmak.Providers.Conformance.Tests.Wrong;

namespace Tarmak.Providers.Conformance.Tests;

/// <summary>What the kit tells of a random sequence that fails.</summary>
public sealed partial class SequenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailingSequence_IsToldSmall_WithItsSeed()
    {
        var message = await FailureAsync(seed: 1);

        message.Should().StartWith("Of seed 1, the sequence [");
        var steps = Steps().Match(message).Groups[1].Value.Split(", ");
        steps.Should().HaveCount(5, "a third life needs two deletes between three creations").And.OnlyContain(s => s.StartsWith("Ensure") || s.StartsWith("Delete"));
        steps.Select(s => s[^1]).Distinct().Should().ContainSingle("one object is enough");
    }

    [Fact]
    public async Task SameSeed_GivesTheSameSequence()
    {
        (await FailureAsync(seed: 1)).Should().Be(await FailureAsync(seed: 1));
    }

    private static async Task<string> FailureAsync(int seed)
    {
        var wrong = WrongInSequence.All.Single(w => w.What == "makes no third life");
        var check = ConformanceKit.All.Single(c => c.Id == wrong.Caught);
        var report = await new ConformanceKit(TimeProvider.System) { Seed = seed, Run = "same" }.RunAsync(new ConformanceSubject("memory", "i", wrong.Open), [check], Token);
        report.Seed.Should().Be(seed);
        return report.Results.Single().Message;
    }

    [GeneratedRegex(@"\[(.*)\]")]
    private static partial Regex Steps();
}
