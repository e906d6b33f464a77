using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Engine;

public sealed class EngineErrorsTests
{
    private static readonly Uri Endpoint = new("unix:///run/engine.sock");

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "no such container", ErrorClass.NotFound)]
    [InlineData(HttpStatusCode.Conflict, "name in use", ErrorClass.Conflict)]
    [InlineData(HttpStatusCode.BadRequest, "invalid", ErrorClass.InvalidSpec)]
    [InlineData(HttpStatusCode.InternalServerError, "no space left on device", ErrorClass.ResourcesDepleted)]
    [InlineData(HttpStatusCode.InternalServerError, "subnet 10.1.0.0/16 is already used on the host", ErrorClass.Conflict)]
    [InlineData(HttpStatusCode.InternalServerError, "something broke", ErrorClass.Transient)]
    [InlineData(HttpStatusCode.InternalServerError, "no such network: inner", ErrorClass.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError, "unable to find network with name or ID inner: network not found", ErrorClass.NotFound)]
    [InlineData(HttpStatusCode.InternalServerError, "openat2 cgroup.procs: no such file or directory", ErrorClass.Transient)]
    [InlineData(HttpStatusCode.InternalServerError, "executable file `runc` not found in $PATH", ErrorClass.Transient)]
    [InlineData(HttpStatusCode.Unauthorized, "who are you", ErrorClass.Unauthenticated)]
    [InlineData(HttpStatusCode.Forbidden, "no", ErrorClass.Unauthorized)]
    public void Answer_OfEngine_HasItsClass(HttpStatusCode status, string said, ErrorClass expected)
    {
        var outcome = EngineErrors.Translate(new DockerApiException(status, $$"""{"message":"{{said}}"}"""), "Making it", changes: true, Endpoint);

        outcome!.ShouldFail(expected).Should().Contain(said).And.StartWith("Making it");
    }

    [Theory]
    [InlineData("Creating network n: the container engine says \"subnet 10.89.0.0/24 is already used on the host or by another config\".", true)]
    [InlineData("Creating network n: the container engine says \"Pool overlaps with other one on this address space\".", true)]
    [InlineData("Creating network n: the container engine says \"network name n already used: network already exists\".", false)]
    [InlineData("Creating network n: the container engine did not answer.", false)]
    public void Answer_ThatARangeIsTaken_IsKnownFromOthers(string said, bool taken) => EngineErrors.IsRangeTaken(said).Should().Be(taken);

    [Fact]
    public void LostReply_OfChange_IsUnknown() =>
        EngineErrors.Translate(new IOException("reset"), "Making it", changes: true, Endpoint).Should().BeOfType<StepOutcome.Unknown>();

    [Fact]
    public void LostReply_OfRead_IsTransient() =>
        EngineErrors.Translate(new IOException("reset"), "Reading it", changes: false, Endpoint)!.ShouldFail(ErrorClass.Transient);

    [Fact]
    public void Refusal_BeforeSending_CertainlyDidNothing() =>
        EngineErrors.Translate(new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)), "Making it", changes: true, Endpoint)!
            .ShouldFail(ErrorClass.Transient).Should().Contain(Endpoint.ToString());

    [Fact]
    public void Rights_Missing_AreTheOwnersToGive() =>
        EngineErrors.Translate(new SocketException((int)SocketError.AccessDenied), "Making it", changes: true, Endpoint)!.ShouldFail(ErrorClass.Unauthorized);

    [Fact]
    public void Bug_IsNotTranslated() =>
        EngineErrors.Translate(new InvalidOperationException("bug"), "Making it", changes: true, Endpoint).Should().BeNull();
}
