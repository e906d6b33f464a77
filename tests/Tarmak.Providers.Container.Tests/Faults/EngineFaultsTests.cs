using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Volumes;

namespace Tarmak.Providers.Container.Tests.Faults;

/// <summary>What becomes of an engine that answers wrongly or not at all; none stands behind these sockets.</summary>
public sealed class EngineFaultsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(EngineReply.Never))]
    [InlineData(nameof(EngineReply.NoHttp))]
    public async Task Read_ThatIsNotAnswered_IsTransient(string reply)
    {
        await using var proxy = new EngineProxy(null, new EngineRule(Enum.Parse<EngineReply>(reply)));
        using var engine = Impatient(proxy);

        var outcome = await new VolumeDriver(engine).ObserveAsync(TestCalls.Call("data"), new VolumeSpec(1, "ssd", null), Token);

        outcome.ShouldFail(ErrorClass.Transient).Should().Contain("did not answer");
    }

    [Theory]
    [InlineData(nameof(EngineReply.Never))]
    [InlineData(nameof(EngineReply.NoHttp))]
    public async Task Change_ThatIsNotAnswered_IsUnknown(string reply)
    {
        await using var proxy = new EngineProxy(null, new EngineRule(Enum.Parse<EngineReply>(reply)));
        using var engine = Impatient(proxy);

        var tried = async () => await engine.StartContainerAsync("machine", Token);

        (await tried.Should().ThrowAsync<EngineFaultException>()).Which.Outcome.Should().BeOfType<StepOutcome.Unknown>();
    }

    [Theory]
    [InlineData("{\"Name\": \"tarm")]
    [InlineData("<html>")]
    [InlineData("[]")]
    public async Task Reply_ThatCannotBeRead_IsAsGoodAsNone(string body)
    {
        await using var proxy = new EngineProxy(null, new EngineRule(EngineReply.Refused) { Status = HttpStatusCode.OK, Body = body });
        using var engine = new ContainerEngine(new Uri(proxy.Address));

        var read = async () => await engine.FindVolumeAsync("data", Token);
        var change = async () => await engine.ChangeAsync("Creating volume data", (d, t) => d.Volumes.CreateAsync(new() { Name = "data" }, t), Token);

        (await read.Should().ThrowAsync<EngineFaultException>()).Which.Outcome.ShouldFail(ErrorClass.Transient);
        (await change.Should().ThrowAsync<EngineFaultException>()).Which.Outcome.Should().BeOfType<StepOutcome.Unknown>();
    }

    [Fact]
    public async Task Program_InAContainerThatDoesNotRun_MissesIt()
    {
        await using var proxy = new EngineProxy(null, new EngineRule(EngineReply.Refused) { Status = HttpStatusCode.Conflict, Says = "can only create exec sessions on running containers: container state improper" });
        using var engine = new ContainerEngine(new Uri(proxy.Address));

        var run = async () => await engine.ExecAsync("edge", ["/bin/true"], Token);

        (await run.Should().ThrowAsync<EngineFaultException>()).Which.Outcome.ShouldFail(ErrorClass.DependencyMissing).Should().Contain("running containers");
    }

    private static ContainerEngine Impatient(EngineProxy proxy) =>
        new(new Uri(proxy.Address)) { ReadDeadline = TimeSpan.FromSeconds(1), ChangeDeadline = TimeSpan.FromSeconds(1) };
}
