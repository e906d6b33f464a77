using System.Security.Cryptography;
using Tarmak.Configuration.Bundles;
using Tarmak.Configuration.Tests.Bundles;
using Tarmak.Model.Resources;

namespace Tarmak.Configuration.Tests.Puppet;

[Trait("Category", "Puppet")]
public sealed class ModuleTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("tarmak-modules-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Modules_Linted_NothingToSay()
    {
        Unpack(Specs.Etcd());

        var (exitCode, output) = await PuppetCommand.RunAsync("puppet-lint", _directory, "--fail-on-warnings", "modules", "site.pp");

        output.Should().BeEmpty();
        exitCode.Should().Be(0);
    }

    [Fact]
    public async Task Modules_Parsed_Valid()
    {
        Unpack(Specs.Etcd());

        var (exitCode, output) = await PuppetCommand.RunAsync("puppet", _directory, "parser", "validate", "modules", "site.pp");

        exitCode.Should().Be(0, output);
    }

    [Fact]
    public async Task Templates_Parsed_Valid()
    {
        Unpack(Specs.Etcd());
        var templates = Directory.GetFiles(Path.Combine(_directory, "modules"), "*.epp", SearchOption.AllDirectories);

        var (exitCode, output) = await PuppetCommand.RunAsync("puppet", _directory, ["epp", "validate", .. templates]);

        templates.Should().NotBeEmpty();
        exitCode.Should().Be(0, output);
    }

    [Fact]
    public async Task Etcd_Compiled_ServesWithTlsAndAdmitsMembersOnly()
    {
        var catalogue = await CompileAsync(Specs.Etcd(1));

        catalogue.Should().Contain("ETCD_NAME=etcd-1")
            .And.Contain("ETCD_INITIAL_CLUSTER=etcd-0=https://10.99.32.20:2380,etcd-1=https://10.99.32.21:2380,etcd-2=https://10.99.32.22:2380")
            .And.Contain("ETCD_CLIENT_CERT_AUTH=true")
            .And.Contain("ETCD_PEER_CLIENT_CERT_AUTH=true")
            .And.Contain("ETCD_PEER_CERT_ALLOWED_CN=etcd-peer")
            .And.Contain("AllowTcpForwarding no")
            .And.NotContain("Match User jump");
    }

    [Fact]
    public async Task Bastion_Compiled_ForwardsForKeysOnly()
    {
        var catalogue = await CompileAsync(Specs.Bastion());

        catalogue.Should().Contain("PasswordAuthentication no")
            .And.Contain("PermitRootLogin no")
            .And.Contain("Match User jump")
            .And.Contain("ForceCommand /usr/sbin/nologin")
            .And.Contain(Specs.OperatorKey)
            .And.NotContain("etcd")
            .And.NotContain("/etc/tarmak/registry/address");
    }

    [Fact]
    public async Task AnyRole_WithARegistry_KnowsWhereItIsAndWhomToTrust()
    {
        var catalogue = await CompileAsync(Specs.Bastion() with { Registry = new RegistryAccess("10.99.0.2:5000", "-----BEGIN CERTIFICATE-----\n", ["demo/web"]) });

        catalogue.Should().Contain("10.99.0.2:5000").And.Contain("/etc/tarmak/registry/authority.pem").And.Contain("demo/web");
    }

    [Fact]
    public async Task Image_Compiled_StartsNothingButTheAgent()
    {
        var catalogue = await CompileAsync(Specs.Bastion() with { Role = Roles.Image });

        catalogue.Should().Contain("tarmak-agent").And.Contain("/etc/machine-id").And.NotContain("50-tarmak.conf");
    }

    private async Task<string> CompileAsync(BundleSpec spec)
    {
        Unpack(spec);

        // The bundle's own settings, but for the paths, which are an instance's.
        var configuration = Path.Combine(_directory, "puppet.conf");
        var settings = await File.ReadAllTextAsync(configuration, TestContext.Current.CancellationToken);
        settings = settings
            .Replace("/var/lib/tarmak/bundle", _directory, StringComparison.Ordinal)
            .Replace("/var/lib/tarmak/puppet", Path.Combine(_directory, "state"), StringComparison.Ordinal)
            .Replace("/run/tarmak/puppet", Path.Combine(_directory, "run"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(configuration, settings, TestContext.Current.CancellationToken);

        var (exitCode, output) = await PuppetCommand.RunAsync(
            "puppet", _directory, "catalog", "compile", "--config", configuration, "--manifest", Path.Combine(_directory, "site.pp"), spec.Fqdn);

        exitCode.Should().Be(0, output);
        return output;
    }

    private void Unpack(BundleSpec spec)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        BundleContent.Unpack(new BundleBuilder(new EcdsaBundleSigner(key)).Build(spec), _directory);
    }
}
