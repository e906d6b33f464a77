namespace Tarmak.Providers.S3.Tests;

public sealed class S3OptionsTests
{
    [Theory]
    [InlineData("https://s3.example.test", "https://s3.example.test/")]
    [InlineData("https://s3.example.test:9000", "https://s3.example.test:9000/")]
    [InlineData("http://127.0.0.1:9000", "http://127.0.0.1:9000/")]
    [InlineData("http://localhost:9000", "http://localhost:9000/")]
    [InlineData("http://[::1]:9000", "http://[::1]:9000/")]
    public void Read_Server_IsItsAddress(string server, string address) => Read(server).Server.Should().Be(new Uri(address));

    [Theory]
    [InlineData("s3.example.test")]
    [InlineData("ftp://s3.example.test")]
    [InlineData("https://s3.example.test/path")]
    [InlineData("https://s3.example.test?x")]
    [InlineData("https://me@s3.example.test")]
    public void Read_WhatIsNoServer_IsRefused(string server)
    {
        var act = () => Read(server);

        act.Should().Throw<ProviderException>().Which.Message.Should().Contain($"'{server}'").And.Contain("https://s3.example.test:9000");
    }

    [Theory]
    [InlineData("http://s3.example.test")]
    [InlineData("http://192.0.2.1:9000")]
    public void Read_ServerElsewhereInTheClear_IsRefused(string server)
    {
        var act = () => Read(server);

        act.Should().Throw<ProviderException>().Which.Message.Should().Contain("in the clear").And.Contain("https");
    }

    [Fact]
    public void Read_Region_IsTakenOrTheUsualOne()
    {
        var named = S3Options.Read("a", new Dictionary<string, string> { [ProviderOptions.Server] = "https://a.test", [ProviderOptions.Region] = "eu-west-1" });

        (named.Region, Read("https://a.test").Region).Should().Be(("eu-west-1", "us-east-1"));
    }

    private static S3Options Read(string server) => S3Options.Read("archive", new Dictionary<string, string> { [ProviderOptions.Server] = server });
}
