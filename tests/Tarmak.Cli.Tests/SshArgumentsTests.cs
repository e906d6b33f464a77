using Tarmak.Cli.Engine;
using Tarmak.Cli.Ssh;

namespace Tarmak.Cli.Tests;

public sealed class SshArgumentsTests
{
    private static readonly EngineHome s_home = new("/home/o'neil/100%/.tarmak");

    [Fact]
    public void Of_TheBastionItself_ReachesTheForwardedPort()
    {
        var arguments = SshArguments.Of(s_home, new SshAccessResponse { JumpHost = "127.0.0.1", JumpPort = 2201, User = "tarmak" }, "/known", []);

        arguments[0].Should().Be("ssh");
        arguments.TakeLast(3).Should().Equal("-p", "2201", "tarmak@127.0.0.1");
        arguments.Should().Contain("StrictHostKeyChecking=yes").And.NotContain(a => a.StartsWith("ProxyCommand", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_AnInnerInstance_JumpsWithTheSameKeyAndHostKeys()
    {
        var access = new SshAccessResponse { JumpHost = "127.0.0.1", JumpPort = 2201, User = "tarmak", Address = "10.99.0.10" };

        var arguments = SshArguments.Of(s_home, access, "/known", ["uptime", "-p"]);

        arguments.TakeLast(4).Should().Equal("tarmak@10.99.0.10", "--", "uptime", "-p");
        arguments.Single(a => a.StartsWith("ProxyCommand=", StringComparison.Ordinal)).Should()
            .Contain(@"'-i' '/home/o'\''neil/100%%/.tarmak/ssh/id_ed25519'").And.Contain("'-W' '[%h]:%p' 'jump@127.0.0.1'");
    }
}
