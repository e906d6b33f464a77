using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Tarmak.Agent.Relay;
using Tarmak.Agent.Running;
using Tarmak.Agent.Trust;
using Tarmak.Configuration.Bundles;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using AgentIdentity = Tarmak.Agent.Running.AgentIdentity;
using RunResult = Tarmak.Grains.Agents.RunResult;

namespace Tarmak.Agent.Tests;

/// <summary>Agent, relay and the engine's side together, over real sockets; only Puppet is another program.</summary>
public sealed class AgentEndToEndTests : IAsyncLifetime
{
    private const string Instance = "dev/demo/etcd/0";
    private const string Uid = "uid-0";

    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly EngineStores _stores = new();
    private readonly AgentRoot _root = new();
    private EngineUnderTest _engine = null!;
    private RelayServer _relay = null!;
    private Task _relayRun = Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        _stopping.CancelAfter(TimeSpan.FromSeconds(90));
        _engine = await EngineUnderTest.StartAsync(_stores);
        (_relay, _relayRun) = StartRelay(_engine.Authority);
        _root.InstallPuppet();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _relayRun;
        await _engine.DisposeAsync();
        _relay.Dispose();
        _root.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Agent_OnAFreshMachine_EnrolsConvergesAndReports()
    {
        Bundle bundle = await _engine.PutBundleAsync(Uid, 0);
        await ConnectAsync();
        using AgentLoop agent = await MakeAgentAsync();

        Task running = agent.RunAsync(_stopping.Token);
        await UnchangedAsync(bundle);

        IReadOnlyList<ConfigurationRun> runs = await _stores.Directory.RunsAsync(Uid, 10, _stopping.Token);
        runs.Select(run => (run.Number, run.Result)).Should().Equal((2, RunResult.Unchanged), (1, RunResult.Changed));
        runs[1].Resources.Should().Equal(new ResourceChange("Service[etcd]", false, "m"));
        runs[0].TotalResources.Should().Be(2);
        (await _stores.Directory.FindByInstanceAsync(Uid, _stopping.Token))!.SshHostKeys.Should().Equal(AgentRoot.HostKey);
        File.Exists(_root.Paths.EnrolmentSecret).Should().BeFalse();
        File.GetUnixFileMode(Path.Combine(_root.Paths.PkiDirectory, "etcd-peer.key")).Should().Be(AgentFiles.Private);
        using X509Certificate2 peer = X509Certificate2.CreateFromPemFile(
            Path.Combine(_root.Paths.PkiDirectory, "etcd-peer.crt"), Path.Combine(_root.Paths.PkiDirectory, "etcd-peer.key"));
        peer.Subject.Should().Be("CN=etcd-peer");
        await StopAsync(running);
    }

    [Fact]
    public async Task Agent_InACloudThatTakesEvidence_GivesItsMachines()
    {
        _stores.Evidence = static (_, nonce, evidence) => System.Text.Encoding.ASCII.GetString(evidence.Span) == "signed:" + Convert.ToHexStringLower(nonce.Span)
            ? Tarmak.Providers.Capabilities.EvidenceVerdict.Proven("machine")
            : Tarmak.Providers.Capabilities.EvidenceVerdict.Refused("It is another machine.");
        _root.InstallEvidence("printf 'signed:%s' \"$1\" | base64 -w 0");
        Bundle bundle = await _engine.PutBundleAsync(Uid, 0);
        await ConnectAsync();
        using AgentLoop agent = await MakeAgentAsync();

        Task running = agent.RunAsync(_stopping.Token);
        await UnchangedAsync(bundle);

        (await _stores.Directory.FindByInstanceAsync(Uid, _stopping.Token)).Should().NotBeNull();
        await StopAsync(running);
    }

    [Theory]
    [InlineData("exit 3", "failed with exit code 3")]
    [InlineData("echo '%%'", "gave no evidence")]
    public async Task Evidence_OfAProgramThatFails_IsToldAsSuch(string script, string said)
    {
        _root.InstallEvidence(script);

        Func<Task> give = () => new Evidence(_root.Paths).GiveAsync(new byte[] { 1 }, _stopping.Token);

        (await give.Should().ThrowAsync<AgentException>()).Which.Message.Should().Contain(said);
    }

    [Fact]
    public async Task Agent_WhoseEngineIsKilledAndComesBack_TakesTheNextBundle()
    {
        Bundle first = await _engine.PutBundleAsync(Uid, 0);
        await ConnectAsync();
        using AgentLoop agent = await MakeAgentAsync();
        Task running = agent.RunAsync(_stopping.Token);
        await UnchangedAsync(first);

        await _engine.DisposeAsync();
        _engine = await EngineUnderTest.StartAsync(_stores);
        await ConnectAsync();
        Bundle second = await _engine.PutBundleAsync(Uid, 0, "ssh-ed25519 AAAA two");

        await UnchangedAsync(second);
        (await _stores.Directory.RunsAsync(Uid, 10, _stopping.Token)).Select(run => run.Number).Should().Equal(4, 3, 2, 1);
        await StopAsync(running);
    }

    [Fact]
    public async Task Agent_StartedAgain_KeepsItsIdentityAndCountsOn()
    {
        Bundle bundle = await _engine.PutBundleAsync(Uid, 0);
        await ConnectAsync();
        using (AgentLoop agent = await MakeAgentAsync())
        {
            using CancellationTokenSource once = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            Task running = agent.RunAsync(once.Token);
            await UnchangedAsync(bundle);
            await once.CancelAsync();
            await running;
        }

        using AgentLoop again = new(AgentSettings.Read(_root.Paths.Settings), _root.Paths, _root.PuppetProgram, TimeProvider.System, new Random(1), _root.Log);
        Task runningAgain = again.RunAsync(_stopping.Token);
        await _stores.WaitAsync(async () => (await _stores.Directory.RunsAsync(Uid, 10, _stopping.Token)).Count == 3, _stopping.Token);

        (await _stores.Directory.RunsAsync(Uid, 1, _stopping.Token))[0].Number.Should().Be(3);
        await StopAsync(runningAgain);
    }

    [Fact]
    public async Task Agent_GivenABundleOfAnotherSigner_ReportsItAndAppliesNothing()
    {
        using EngineAuthority foreign = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, _stopping.Token);
        Bundle bundle = await _engine.PutBundleAsync(Uid, 0, signer: foreign);
        await ConnectAsync();
        using AgentLoop agent = await MakeAgentAsync();

        Task running = agent.RunAsync(_stopping.Token);
        await _stores.WaitAsync(async () => (await _stores.Directory.RunsAsync(Uid, 10, _stopping.Token)).Count > 0, _stopping.Token);

        ConfigurationRun run = (await _stores.Directory.RunsAsync(Uid, 10, _stopping.Token)).Should().ContainSingle().Which;
        run.Result.Should().Be(RunResult.Failed);
        run.BundleHash.Should().Be(bundle.Hash);
        run.Message.Should().Contain("signature does not hold");
        Directory.Exists(_root.Paths.CurrentBundle).Should().BeFalse();
        await StopAsync(running);
    }

    [Fact]
    public async Task Agent_FacedWithAnEngineOfAnotherAuthority_KeepsItsSecret()
    {
        await ConnectAsync();
        AgentSettings settings = _root.GiveFirstBoot(Uid, _relay.AgentEndPoint.ToString(), new string('a', 64), "one-time-secret");
        using AgentIdentity identity = new(settings, _root.Paths, new PinnedAuthority(settings.AuthorityPin), TimeProvider.System, _root.Log);
        identity.Load();

        Func<Task> enrol = () => identity.ObtainAsync(_stopping.Token);

        await enrol.Should().ThrowAsync<RpcException>();
        File.Exists(_root.Paths.EnrolmentSecret).Should().BeTrue();
        _root.Journal.Should().Contain("not our engine").And.NotContain("one-time-secret");
    }

    [Fact]
    public async Task Agent_WithASecretOthersMayRead_RefusesToUseIt()
    {
        await ConnectAsync();
        AgentSettings settings = _root.GiveFirstBoot(Uid, _relay.AgentEndPoint.ToString(), _engine.Authority.Pin, "one-time-secret");
        File.SetUnixFileMode(_root.Paths.EnrolmentSecret, AgentFiles.Public);
        using AgentIdentity identity = new(settings, _root.Paths, new PinnedAuthority(settings.AuthorityPin), TimeProvider.System, _root.Log);
        identity.Load();

        Func<Task> enrol = () => identity.ObtainAsync(_stopping.Token);

        await enrol.Should().ThrowAsync<AgentException>().WithMessage("*mode 0600*");
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running;
    }

    private (RelayServer Relay, Task Run) StartRelay(EngineAuthority authority)
    {
        RelayServer relay = new(
            new RelaySettings("127.0.0.1:0", "127.0.0.1:0", authority.CertificatePem), new RelayLimits(), TimeProvider.System, new AgentLog(TextWriter.Null));
        relay.Start();
        return (relay, relay.RunAsync(_stopping.Token));
    }

    private Task ConnectAsync() =>
        _engine.Connectors.SetEdgesAsync(new Dictionary<string, string> { ["dev"] = _relay.EngineEndPoint.ToString() });

    private async Task<AgentLoop> MakeAgentAsync() => new(
        _root.GiveFirstBoot(Uid, _relay.AgentEndPoint.ToString(), _engine.Authority.Pin, await _engine.IssueSecretAsync(Instance, Uid)),
        _root.Paths, _root.PuppetProgram, TimeProvider.System, new Random(1), _root.Log);

    private Task UnchangedAsync(Bundle bundle) => _stores.WaitAsync(
        async () => (await _stores.Directory.RunsAsync(Uid, 50, _stopping.Token))
            .Any(run => run.BundleHash == bundle.Hash && run.Result == RunResult.Unchanged),
        _stopping.Token);
}
