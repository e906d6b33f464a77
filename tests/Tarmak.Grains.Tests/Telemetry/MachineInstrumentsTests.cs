using System.Diagnostics;
using Tarmak.Grains.Telemetry;
using Tarmak.Machines;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Grains.Tests.Telemetry;

public sealed class MachineInstrumentsTests : IDisposable
{
    private readonly MachineInstruments instruments = new();
    private readonly ActivityListener listener = new()
    {
        ShouldListenTo = source => source.Name is MachineInstruments.Name or ProviderCalls.SourceName,
        Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public MachineInstrumentsTests() => ActivitySource.AddActivityListener(listener);

    [Fact]
    public void Step_BegunWhileAnotherCallIsUnderWay_IsATraceOfItsOwnLinkedToItsCommand()
    {
        using var command = new Activity("command").Start();
        using var other = new Activity("whatever woke the machine").Start();

        using var step = instruments.StartStep(Call(command.Id));

        step!.Parent.Should().BeNull();
        step.TraceId.Should().NotBe(command.TraceId);
        step.Links.Should().ContainSingle().Which.Context.TraceId.Should().Be(command.TraceId);
    }

    [Fact]
    public void ProviderCall_WithinAStep_IsItsChild()
    {
        using var step = instruments.StartStep(Call(null));

        using var call = ProviderCalls.Start("Creating network dev-demo");

        call!.ParentSpanId.Should().Be(step!.SpanId);
        call.GetTagItem("tarmak.provider.call.what").Should().Be("Creating network dev-demo");
    }

    public void Dispose()
    {
        listener.Dispose();
        instruments.Dispose();
    }

    private static StepCall Call(string? traceParent) => new()
    {
        CallId = 1,
        Kind = "network",
        Provider = "laptop",
        Step = StepKind.Ensure,
        Owner = MachineAddress.OfCluster("dev", "demo").Capability("network", "main"),
        Uid = "u1",
        Incarnation = 1,
        Token = "u1.ensure.1",
        Parameters = "{}",
        TraceParent = traceParent,
    };
}
