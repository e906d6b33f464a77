using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Tarmak.Configuration.Bundles;

namespace Tarmak.Configuration.Tests.Bundles;

public sealed class BundleBuilderTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly BundleBuilder _builder;

    public BundleBuilderTests() => _builder = new BundleBuilder(new EcdsaBundleSigner(_key));

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Build_SameInputTwice_SameBytes()
    {
        var one = _builder.Build(Specs.Etcd());
        var other = _builder.Build(Specs.Etcd());

        other.Content.ToArray().Should().Equal(one.Content.ToArray());
        other.Hash.Should().Be(one.Hash);
    }

    [Fact]
    public void Build_OtherInstance_OtherHash()
    {
        var one = _builder.Build(Specs.Etcd(0));
        var other = _builder.Build(Specs.Etcd(1));

        other.Hash.Should().NotBe(one.Hash);
    }

    [Fact]
    public void Build_EquallyOrderedOrNot_MembersGiveTheSameBytes()
    {
        var spec = Specs.Etcd();

        var reversed = _builder.Build(spec with { EtcdMembers = [.. spec.EtcdMembers.Reverse()] });

        reversed.Hash.Should().Be(_builder.Build(spec).Hash);
    }

    [Fact]
    public void Build_Always_AddressesContentBySha256()
    {
        var bundle = _builder.Build(Specs.Bastion());

        bundle.Hash.Should().Be(Convert.ToHexStringLower(SHA256.HashData(bundle.Content.Span)));
    }

    [Fact]
    public void Build_Always_SignsSoThatContentAndHashBothVerify()
    {
        var bundle = _builder.Build(Specs.Bastion());

        _key.VerifyData(bundle.Content.Span, bundle.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).Should().BeTrue();
        EcdsaBundleSigner.Verify(_key, Convert.FromHexString(bundle.Hash), bundle.Signature.Span).Should().BeTrue();
    }

    [Fact]
    public void Verify_OneByteChanged_False()
    {
        var bundle = _builder.Build(Specs.Bastion());
        var content = bundle.Content.ToArray();
        content[content.Length / 2] ^= 1;

        EcdsaBundleSigner.Verify(_key, SHA256.HashData(content), bundle.Signature.Span).Should().BeFalse();
    }

    [Fact]
    public void Build_Always_PacksPlainFilesSortedWithoutTimesOrOwners()
    {
        var entries = BundleContent.Entries(_builder.Build(Specs.Etcd()));

        entries.Select(entry => entry.Name).Should().Equal(entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        entries.Should().OnlyContain(entry =>
            entry.EntryType == TarEntryType.RegularFile && entry.ModificationTime == DateTimeOffset.UnixEpoch
            && entry.Uid == 0 && entry.Gid == 0 && !Path.IsPathRooted(entry.Name) && !entry.Name.Contains(".."));
    }

    [Theory]
    [InlineData("bundle.json")]
    [InlineData("data/instance.json")]
    [InlineData("hiera.yaml")]
    [InlineData("modules/etcd/manifests/instance.pp")]
    [InlineData("modules/role/manifests/bastion.pp")]
    [InlineData("modules/tarmak/lib/puppet/reports/tarmak.rb")]
    [InlineData("puppet.conf")]
    [InlineData("site.pp")]
    public void Build_Always_HoldsWhatTheContractNames(string path)
    {
        var bundle = _builder.Build(Specs.Etcd());

        BundleContent.Text(bundle, path).Should().NotBeEmpty();
    }

    [Fact]
    public void Build_Always_SaysWhoseItIs()
    {
        var bundle = _builder.Build(Specs.Etcd(2));

        using var description = JsonDocument.Parse(BundleContent.Text(bundle, "bundle.json"));
        description.RootElement.GetProperty("format").GetInt32().Should().Be(1);
        var instance = description.RootElement.GetProperty("instance");
        instance.GetProperty("uid").GetString().Should().Be("5f0c8a");
        instance.GetProperty("name").GetString().Should().Be("etcd-2");
        instance.GetProperty("index").GetInt32().Should().Be(2);
    }

    [Fact]
    public void Build_Always_TellsPuppetItsName()
    {
        var bundle = _builder.Build(Specs.Bastion());

        BundleContent.Text(bundle, "puppet.conf").Should().EndWith("certname = bastion-0.demo.dev.tarmak.local\n");
    }
}
