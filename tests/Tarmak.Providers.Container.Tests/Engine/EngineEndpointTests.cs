using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Engine;

public sealed class EngineEndpointTests
{
    [Theory]
    [InlineData("unix:///a", "unix:///b", "unix:///a")]
    [InlineData(null, "unix:///b", "unix:///b")]
    [InlineData(null, null, "unix:///run/podman/podman.sock")]
    [InlineData("/a/b.sock", null, "unix:///a/b.sock")]
    [InlineData("tcp://127.0.0.1:2375", null, "tcp://127.0.0.1:2375")]
    [InlineData(null, "tcp://localhost:2375", "tcp://localhost:2375")]
    [InlineData(null, "tcp://[::1]:2375", "tcp://[::1]:2375")]
    public void Endpoint_IsFoundInOrder(string? option, string? dockerHost, string expected) =>
        EngineEndpoint.Find(option, dockerHost, _ => true, _ => true).Should().Be(new Uri(expected));

    [Fact]
    public void Socket_ThatAnswers_IsTakenBeforeOneThatIsThere() =>
        EngineEndpoint.Find(null, null, s => s == "/var/run/docker.sock", _ => true).Should().Be(new Uri("unix:///var/run/docker.sock"));

    [Theory]
    [InlineData(true, "unix:///run/podman/podman.sock")]
    [InlineData(false, "unix:///var/run/docker.sock")]
    public void Endpoint_WhereNothingAnswers_IsOneTheCheckCanName(bool exists, string expected) =>
        EngineEndpoint.Find(null, null, _ => false, _ => exists).Should().Be(new Uri(expected));

    [Theory]
    [InlineData("ssh://root@build.example")]
    [InlineData("tcp://10.0.0.1:2375")]
    [InlineData("https://127.0.0.1:2376")]
    [InlineData("tcp://")]
    [InlineData("unix://")]
    [InlineData("unix://host/run/podman.sock")]
    [InlineData("garbage")]
    public void Address_ThatIsNotOfThisMachine_IsRefusedInASentence(string host)
    {
        var find = () => EngineEndpoint.Find(null, host, _ => true, _ => true);

        var refused = find.Should().Throw<ProviderException>().Which;
        refused.Error.Should().Be(ErrorClass.InvalidSpec);
        refused.Message.Should().Contain(host).And.Contain("unix:///");
    }
}
