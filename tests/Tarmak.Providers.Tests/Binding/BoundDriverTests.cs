using Tarmak.Machines;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Tests.Binding;

public sealed class BoundDriverTests
{
    private static readonly ResourceCall Resource = new()
    {
        Marks = new OwnerMarks("a1", "dev", "demo", "uid", "dev/demo#network/main"),
        Name = "tarmak-dev-demo-network",
        Incarnation = 1,
        Token = "uid.ensure.1",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StepKind.Observe)]
    [InlineData(StepKind.Ensure)]
    [InlineData(StepKind.Delete)]
    public async Task Run_AStep_CallsItsMethodWithTheRecordedParameters(StepKind step)
    {
        var driver = new RecordingDriver((_, _) => Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent)));

        await BoundDriver.Of(driver).RunAsync(Call(step), Resource, Token);

        driver.Calls.Should().Equal((step, new NetworkSpec("10.99.0.0/16", Internal: true)));
    }

    [Fact]
    public async Task Run_ParametersOfAnotherKind_FailsWithoutACall()
    {
        var driver = new RecordingDriver((_, _) => throw new InvalidOperationException("must not be called"));

        var outcome = await BoundDriver.Of(driver).RunAsync(Call(StepKind.Ensure) with { Parameters = "[]" }, Resource, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.InvalidSpec);
    }

    [Fact]
    public async Task Run_PastItsDeadline_IsUnknown()
    {
        var driver = new RecordingDriver(async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            throw new InvalidOperationException("waits for ever");
        })
        {
            Deadline = TimeSpan.FromMilliseconds(20),
        };

        (await BoundDriver.Of(driver).RunAsync(Call(StepKind.Ensure), Resource, Token)).Should().BeOfType<StepOutcome.Unknown>();
    }

    [Fact]
    public async Task Run_RefusedByTheProvider_FailsWithItsClass()
    {
        var driver = new RecordingDriver((_, _) => throw new ProviderException(ErrorClass.QuotaExceeded, "No more networks."));

        (await BoundDriver.Of(driver).RunAsync(Call(StepKind.Ensure), Resource, Token))
            .Should().Be(new StepOutcome.Failed(ErrorClass.QuotaExceeded, "No more networks."));
    }

    private static StepCall Call(StepKind step) => new()
    {
        CallId = 1,
        Kind = ResourceKinds.Network,
        Provider = "laptop",
        Step = step,
        Owner = new MachineAddress(MachineKind.Capability, "dev/demo#network/main"),
        Uid = "uid",
        Incarnation = 1,
        Token = "uid.ensure.1",
        Parameters = ResourceJson.Write(new NetworkSpec("10.99.0.0/16", Internal: true)),
    };

    private sealed class RecordingDriver(Func<StepKind, CancellationToken, Task<StepOutcome>> answer) : IResourceDriver<NetworkSpec>
    {
        public List<(StepKind Step, NetworkSpec Spec)> Calls { get; } = [];

        public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(1);

        public ResourceTraits Traits => new()
        {
            Kind = ResourceKinds.Network,
            EnsureResolution = UnknownResolution.UniqueName,
            CallDeadline = Deadline,
            Compare = static (_, _) => ChangeEffect.None,
        };

        public Task<StepOutcome> ObserveAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken) =>
            Record(StepKind.Observe, spec, cancellationToken);

        public Task<StepOutcome> EnsureAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken) =>
            Record(StepKind.Ensure, spec, cancellationToken);

        public Task<StepOutcome> DeleteAsync(ResourceCall call, NetworkSpec spec, CancellationToken cancellationToken) =>
            Record(StepKind.Delete, spec, cancellationToken);

        private Task<StepOutcome> Record(StepKind step, NetworkSpec spec, CancellationToken cancellationToken)
        {
            Calls.Add((step, spec));
            return answer(step, cancellationToken);
        }
    }
}
