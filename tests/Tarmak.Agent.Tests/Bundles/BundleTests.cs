using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Tarmak.Agent.Bundles;
using Tarmak.Agent.Trust;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Identity;

namespace Tarmak.Agent.Tests.Bundles;

public sealed class BundleTests : IAsyncLifetime
{
    private readonly AgentRoot _root = new();
    private EngineAuthority _authority = null!;

    public async ValueTask InitializeAsync() =>
        _authority = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        _authority.Dispose();
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Verify_OfWhatTheEngineSigned_Passes() =>
        Verifying(Sign(Pack("uid"))).Should().NotThrow();

    [Fact]
    public void Verify_OfTamperedContent_Refuses()
    {
        SignedBundle bundle = Sign(Pack("uid"));
        byte[] content = bundle.Content.ToArray();
        content[^1] ^= 1;

        Verifying(bundle with { Content = content }).Should().Throw<AgentException>().WithMessage("*not what its hash says*");
    }

    [Fact]
    public void Verify_OfAnotherBundlesSignature_Refuses()
    {
        SignedBundle other = Sign(Pack("uid", "other"));

        Verifying(Sign(Pack("uid")) with { Signature = other.Signature }).Should().Throw<AgentException>().WithMessage("*signature does not hold*");
    }

    [Fact]
    public async Task Verify_OfAnotherEnginesBundle_Refuses()
    {
        using EngineAuthority foreign = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, TestContext.Current.CancellationToken);
        SignedBundle bundle = Sign(Pack("uid"), foreign);

        Verifying(bundle).Should().Throw<AgentException>().WithMessage("*signing certificate*");
    }

    [Fact]
    public void Verify_OfGarbage_Refuses()
    {
        SignedBundle bundle = Sign(Pack("uid"));

        Verifying(bundle with { SigningCertificate = [1, 2, 3] }).Should().Throw<AgentException>();
        Verifying(bundle with { Signature = new byte[] { 1 } }).Should().Throw<AgentException>();
    }

    [Fact]
    public void Install_OfABundle_PutsItInForce()
    {
        BundleStore store = new(_root.Paths, "uid");
        SignedBundle first = Sign(Pack("uid"));
        SignedBundle second = Sign(Pack("uid", "other"));

        store.Install(first);
        store.Install(second);

        store.Current.Should().Be(second.Hash);
        File.ReadAllText(Path.Combine(_root.Paths.CurrentBundle, "deep", "site.pp")).Should().Be("other");
        File.GetUnixFileMode(_root.Paths.BundlesDirectory).Should().Be(AgentFiles.PrivateDirectory);
    }

    [Fact]
    public void Install_OfMany_KeepsTheOneInForceAndTheOneBefore()
    {
        BundleStore store = new(_root.Paths, "uid");
        SignedBundle[] bundles = [.. Enumerable.Range(0, 4).Select(number => Sign(Pack("uid", $"{number}")))];

        foreach (SignedBundle bundle in bundles)
        {
            store.Install(bundle);
        }

        Directory.GetDirectories(_root.Paths.BundlesDirectory).Select(Path.GetFileName)
            .Should().BeEquivalentTo([bundles[2].Hash, bundles[3].Hash]);
    }

    [Fact]
    public void Install_AfterACrashWhileUnpacking_RemovesTheRemains()
    {
        string remains = Path.Combine(_root.Paths.BundlesDirectory, ".unfinished-x");
        Directory.CreateDirectory(remains);

        new BundleStore(_root.Paths, "uid").Install(Sign(Pack("uid")));

        Directory.Exists(remains).Should().BeFalse();
    }

    [Fact]
    public void Install_OfAnotherInstancesBundle_KeepsTheEarlierOne()
    {
        BundleStore store = new(_root.Paths, "uid");
        SignedBundle own = Sign(Pack("uid"));
        store.Install(own);

        Action install = () => store.Install(Sign(Pack("another")));

        install.Should().Throw<AgentException>().WithMessage("*another instance*");
        store.Current.Should().Be(own.Hash);
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/escape")]
    [InlineData("a/../../escape")]
    [InlineData("bundle.json")]
    public void Install_WithAForbiddenEntry_Refuses(string name)
    {
        SignedBundle bundle = Sign(Pack("uid", "x", writer => writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
        {
            DataStream = new MemoryStream([1]),
        })));

        Action install = () => new BundleStore(_root.Paths, "uid").Install(bundle);

        install.Should().Throw<AgentException>();
        Directory.GetDirectories(_root.Paths.BundlesDirectory).Should().BeEmpty();
    }

    [Fact]
    public void Install_WithALink_Refuses()
    {
        SignedBundle bundle = Sign(Pack("uid", "x", writer => writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "/etc" })));

        Action install = () => new BundleStore(_root.Paths, "uid").Install(bundle);

        install.Should().Throw<AgentException>().WithMessage("*other than regular files*");
    }

    private static byte[] Pack(string uid, string site = "site", Action<TarWriter>? more = null)
    {
        using MemoryStream memory = new();
        using (GZipStream gzip = new(memory, CompressionLevel.Fastest))
        using (TarWriter writer = new(gzip, TarEntryFormat.Ustar))
        {
            Add(writer, "bundle.json", "{\"format\":1,\"instance\":{\"uid\":\"" + uid + "\"}}");
            Add(writer, "deep/site.pp", site);
            more?.Invoke(writer);
        }

        return memory.ToArray();
    }

    private static void Add(TarWriter writer, string name, string text) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });

    private SignedBundle Sign(byte[] content, EngineAuthority? by = null)
    {
        EngineAuthority signer = by ?? _authority;
        byte[] hash = SHA256.HashData(content);
        return new SignedBundle(Convert.ToHexStringLower(hash), content, signer.SignHash(hash), signer.BundleSigningCertificate.ToArray());
    }

    private Action Verifying(SignedBundle bundle) =>
        () => bundle.Verify(new PinnedAuthority(_authority.Pin), _authority.CertificateDer.ToArray());
}
