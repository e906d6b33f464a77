using Tarmak.Cli.Engine;

namespace Tarmak.Cli.Tests;

public sealed class EngineHomeTests
{
    [Fact]
    public void FromEnvironment_NothingNamed_IsInTheUsersHome() =>
        EngineHome.FromEnvironment(n => n == "HOME" ? "/home/ada" : null).Directory.Should().Be("/home/ada/.tarmak");

    [Fact]
    public void FromEnvironment_TooLongForASocket_IsRefusedAsUsage()
    {
        var act = () => EngineHome.FromEnvironment(_ => "/" + new string('x', 120));

        act.Should().Throw<CliException>().Which.ExitCode.Should().Be(ExitCode.Usage);
    }
}
