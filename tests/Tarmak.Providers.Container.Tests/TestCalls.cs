using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container.Tests;

/// <summary>Calls and expectations that tests share.</summary>
internal static class TestCalls
{
    public static ResourceCall Call(string name, int incarnation = 1, string? uid = null, string installation = "test", string? objectId = null) => new()
    {
        Marks = new OwnerMarks(installation, "dev", "demo", uid ?? $"uid-{name}", $"dev/demo#kind/{name}"),
        Name = name,
        Incarnation = incarnation,
        Token = $"{name}-{incarnation}",
        ObjectId = objectId,
    };

    public static Observation ShouldSucceed(this StepOutcome outcome) =>
        outcome.Should().BeOfType<StepOutcome.Succeeded>(outcome.ToString()).Which.Observation;

    public static T Outputs<T>(this StepOutcome outcome)
        where T : class
    {
        var seen = outcome.ShouldSucceed();
        seen.Exists.Should().BeTrue();
        seen.InSync.Should().BeTrue(seen.Detail);
        return ResourceJson.Read<T>(seen.Outputs!);
    }

    public static string ShouldFail(this StepOutcome outcome, ErrorClass error)
    {
        var failed = outcome.Should().BeOfType<StepOutcome.Failed>(outcome.ToString()).Which;
        failed.Error.Should().Be(error, failed.Message);
        return failed.Message;
    }
}
