namespace Tarmak.Cli.Tests;

public sealed class CredentialsTests
{
    [Fact]
    public async Task Credentials_IntoNewDirectory_WritesFourFilesForTheOwnerOnly()
    {
        await using var engine = new FakeEngine
        {
            OnCredentials = _ => new CredentialsResponse
            {
                ClientCertificate = "certificate",
                ClientKey = "key\n",
                CaCertificate = "authority",
                Endpoints = { "https://127.0.0.1:2379", "https://10.99.0.10:2379" },
            },
        };
        await engine.ListenAsync();
        var directory = Path.Combine(engine.Home.Directory, "creds");
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("credentials", "dev/demo", "--dir", directory);

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        Directory.GetFiles(directory).Select(Path.GetFileName).Should().BeEquivalentTo("client.crt", "client.key", "ca.crt", "endpoints");
        Directory.GetFiles(directory).Select(File.GetUnixFileMode).Should().AllBeEquivalentTo(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(Path.Combine(directory, "endpoints")).Should().Be("https://127.0.0.1:2379\nhttps://10.99.0.10:2379\n");
        File.ReadAllText(Path.Combine(directory, "client.crt")).Should().Be("certificate\n");
        cli.Out.Should().NotContain("key\n---");
    }

    [Fact]
    public async Task Credentials_ClusterUnknown_ExitsOneAndWritesNothing()
    {
        await using var engine = new FakeEngine { OnCredentials = _ => throw FakeEngine.Refusal(Grpc.Core.StatusCode.NotFound, "There is no cluster dev/other.") };
        await engine.ListenAsync();
        var directory = Path.Combine(engine.Home.Directory, "creds");
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("credentials", "dev/other", "--dir", directory);

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: There is no cluster dev/other.\n");
        Directory.Exists(directory).Should().BeFalse();
    }
}
