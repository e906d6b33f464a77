using System.Text;
using System.Text.Json.Nodes;
using Tarmak.Configuration.Hiera;
using Tarmak.Model.Resources;

namespace Tarmak.Configuration.Tests.Hiera;

public sealed class HieraRendererTests
{
    [Fact]
    public void Render_EtcdMember_NamesItselfAndItsPeers()
    {
        var data = Render(Specs.Etcd(1));

        data["tarmak::role"]!.GetValue<string>().Should().Be("etcd");
        data["profile::etcd::member"]!.GetValue<string>().Should().Be("etcd-1");
        data["profile::etcd::members"]!.AsArray().Select(member => member!["address"]!.GetValue<string>())
            .Should().Equal("10.99.32.20", "10.99.32.21", "10.99.32.22");
        data["profile::etcd::token"]!.GetValue<string>().Should().Be("dev-demo");
    }

    [Fact]
    public void Render_EtcdMember_ListsItsCertificates()
    {
        var certificates = Render(Specs.Etcd())["tarmak::certificates"]!.AsArray();

        certificates.Select(certificate => certificate!["name"]!.GetValue<string>()).Should().Equal("etcd-server", "etcd-peer", "etcd-client");
        certificates[1]!["commonName"]!.GetValue<string>().Should().Be("etcd-peer");
        certificates[1]!["ipAddresses"]!.AsArray().Select(address => address!.GetValue<string>()).Should().Equal("10.99.32.20");
    }

    [Fact]
    public void Render_EtcdMember_ResolvesPeersWithoutDns()
    {
        var hosts = Render(Specs.Etcd(2))["tarmak::names::hosts"]!.AsArray();

        hosts.Select(host => host!["address"]!.GetValue<string>()).Should().Equal("10.99.32.22", "10.99.32.20", "10.99.32.21");
        hosts[0]!["names"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("etcd-2.demo.dev.tarmak.local", "etcd-2");
    }

    [Fact]
    public void Render_Bastion_HoldsNothingOfEtcd()
    {
        var data = Render(Specs.Bastion());

        data.Select(entry => entry.Key).Should().NotContain(key => key.Contains("etcd"));
        data["tarmak::names::nameservers"]!.AsArray().Single()!.GetValue<string>().Should().Be("10.99.0.2");
        data["tarmak::names::search"]!.AsArray().Select(domain => domain!.GetValue<string>()).Should().Equal("demo.dev.tarmak.local", "tarmak.local");
        data["tarmak::ssh::authorized_keys"]!.AsArray().Single()!.GetValue<string>().Should().Be(Specs.OperatorKey);
    }

    [Fact]
    public void Render_WithARegistry_TellsWhereItIsAndWhatMayBePulled()
    {
        var data = Render(Specs.Bastion() with { Registry = new RegistryAccess("10.99.0.2:5000", "-----BEGIN CERTIFICATE-----", ["shared", "demo/web"]) });

        data["tarmak::registry::address"]!.GetValue<string>().Should().Be("10.99.0.2:5000");
        data["tarmak::registry::authority"]!.GetValue<string>().Should().Be("-----BEGIN CERTIFICATE-----");
        data["tarmak::registry::repositories"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("shared", "demo/web");
        Render(Specs.Bastion()).Select(entry => entry.Key).Should().NotContain(key => key.Contains("registry"));
    }

    [Fact]
    public void Render_Always_SortsKeys()
    {
        var keys = Render(Specs.Etcd()).Select(entry => entry.Key).ToArray();

        keys.Should().Equal(keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Render_MemberMissing_Refuses()
    {
        var spec = Specs.Etcd() with { EtcdMembers = [new EtcdMember("etcd-1", "etcd-1.demo", "10.99.32.21")] };

        var render = () => HieraRenderer.Render(spec);

        render.Should().Throw<ArgumentException>().WithMessage("*etcd-0*10.99.32.20*");
    }

    [Fact]
    public void Render_ReferenceToSecret_ListsItsNameAndKeepsTheReference()
    {
        var spec = Specs.Bastion() with { AuthorizedKeys = ["secret://operators.keys", "secret://a", "secret://operators.keys"] };

        var data = Render(spec);

        data["tarmak::secrets"]!.AsArray().Select(name => name!.GetValue<string>()).Should().Equal("a", "operators.keys");
        data["tarmak::ssh::authorized_keys"]![0]!.GetValue<string>().Should().Be("secret://operators.keys");
    }

    [Theory]
    [InlineData("secret://")]
    [InlineData("secret://../../etc/shadow")]
    [InlineData("secret://Upper")]
    [InlineData("secret://a/b")]
    public void Render_MalformedReference_Refuses(string reference)
    {
        var render = () => HieraRenderer.Render(Specs.Bastion() with { AuthorizedKeys = [reference] });

        render.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Render_PrivateKeyAmongTheData_RefusesWithoutRepeatingIt()
    {
        const string planted = "-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----";

        var render = () => HieraRenderer.Render(Specs.Bastion() with { AuthorizedKeys = [planted] });

        render.Should().Throw<ArgumentException>().Which.ToString().Should().NotContain("planted");
    }

    private static JsonObject Render(BundleSpec spec) => JsonNode.Parse(Encoding.UTF8.GetString(HieraRenderer.Render(spec)))!.AsObject();
}
