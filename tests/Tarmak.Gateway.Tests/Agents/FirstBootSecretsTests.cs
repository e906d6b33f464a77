using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Identity;

namespace Tarmak.Gateway.Tests.Agents;

public sealed class FirstBootSecretsTests
{
    private readonly EngineStores _stores = new();

    [Fact]
    public async Task Issue_AgainWithTheSameToken_GivesTheSameSecretAfterARestartToo()
    {
        string first = await Secrets().IssueAsync("dev/demo/etcd/0", "uid", "token", Token);
        string second = await Secrets().IssueAsync("dev/demo/etcd/0", "uid", "token", Token);

        second.Should().Be(first);
        first.Should().HaveLength(43);
    }

    [Fact]
    public async Task Issue_WithAnotherTokenOrInstance_GivesAnotherSecret()
    {
        string first = await Secrets().IssueAsync("dev/demo/etcd/0", "uid", "token", Token);

        (await Secrets().IssueAsync("dev/demo/etcd/0", "uid", "token2", Token)).Should().NotBe(first);
        (await Secrets().IssueAsync("dev/demo/etcd/0", "uid2", "token", Token)).Should().NotBe(first);
    }

    [Fact]
    public async Task EngineAuthority_OpenedTwice_IsTheSame()
    {
        using EngineAuthority first = await EngineAuthority.OpenAsync(_stores.Secrets, TimeProvider.System, Token);
        using EngineAuthority second = await EngineAuthority.OpenAsync(_stores.Secrets, TimeProvider.System, Token);

        second.Pin.Should().Be(first.Pin);
        second.CertificatePem.Should().Be(first.CertificatePem);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FirstBootSecrets Secrets() => new(_stores.Secrets, _stores.Directory, TimeProvider.System);
}
