namespace Tarmak.Providers.Rfc2136.Tests;

public sealed class Rfc2136OptionsTests
{
    [Theory]
    [InlineData("ns1.example.test", "ns1.example.test", 53)]
    [InlineData("192.0.2.1:5353", "192.0.2.1", 5353)]
    [InlineData("2001:db8::1", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]:5353", "2001:db8::1", 5353)]
    public void Read_Server_IsHostAndPort(string server, string host, int port)
    {
        var options = Read(server);

        (options.Server, options.Port).Should().Be((host, port));
    }

    [Theory]
    [InlineData("ns1.example.test:port")]
    [InlineData("ns1.example.test:70000")]
    [InlineData(":53")]
    [InlineData("[2001:db8::1]53")]
    public void Read_WhatIsNoServer_IsRefused(string server)
    {
        var act = () => Read(server);

        act.Should().Throw<ProviderException>().Which.Message.Should().Contain($"'{server}'").And.Contain("192.0.2.1:53");
    }

    private static Rfc2136Options Read(string server) => Rfc2136Options.Read("office", new Dictionary<string, string> { [ProviderOptions.Server] = server });
}
