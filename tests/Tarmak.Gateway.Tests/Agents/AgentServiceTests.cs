using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Tarmak.Api.Agent.V1;
using Tarmak.Configuration.Bundles;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Gateway.Tests.Agents;

public sealed class AgentServiceTests : IAsyncLifetime
{
    private const string One = "dev/demo/etcd/0";
    private const string Other = "dev/demo/etcd/1";

    private readonly EngineStores _stores = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private EngineUnderTest _engine = null!;

    public async ValueTask InitializeAsync() => _engine = await EngineUnderTest.StartAsync(_stores);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Enrol_WithTheSecret_GivesACertificateOfTheInstance()
    {
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);

        certificate.Subject.Should().Be("CN=uid-0");
        _engine.Authority.IsOurs(certificate).Should().BeTrue();
        (certificate.NotAfter - DateTime.Now).TotalDays.Should().BeApproximately(30, 0.1);
    }

    [Fact]
    public async Task Enrol_AgainWithTheSameKey_IsTheSameEnrolment()
    {
        string secret = await _engine.IssueSecretAsync(One, "uid-0");
        AgentContract.AgentClient client = _engine.Connect(null);

        await client.EnrolAsync(EngineUnderTest.Request(One, "uid-0", secret, _key), cancellationToken: Token);
        Func<Task> again = async () => await client.EnrolAsync(EngineUnderTest.Request(One, "uid-0", secret, _key), cancellationToken: Token);

        await again.Should().NotThrowAsync();
    }

    [Fact]
    public async Task Enrol_WithTheSecretAndAnotherKey_IsRefused()
    {
        string secret = await _engine.IssueSecretAsync(One, "uid-0");
        using ECDsa thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await _engine.Connect(null).EnrolAsync(EngineUnderTest.Request(One, "uid-0", secret, _key), cancellationToken: Token);

        await Refused(StatusCode.PermissionDenied, async () =>
            await _engine.Connect(null).EnrolAsync(EngineUnderTest.Request(One, "uid-0", secret, thief), cancellationToken: Token));
    }

    [Fact]
    public async Task Enrol_WithTheSecretOfAnotherInstance_IsRefused()
    {
        string secret = await _engine.IssueSecretAsync(Other, "uid-1");

        await Refused(StatusCode.PermissionDenied, async () =>
            await _engine.Connect(null).EnrolAsync(EngineUnderTest.Request(One, "uid-0", secret, _key), cancellationToken: Token));
    }

    [Fact]
    public async Task Enrol_WithHostKeysThatAreNone_KeepsWhatIsOne()
    {
        const string HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ8m0Wq0Yq0v3mEJ";
        EnrolRequest request = EngineUnderTest.Request(One, "uid-0", await _engine.IssueSecretAsync(One, "uid-0"), _key);
        request.SshHostKeys.Add($"{HostKey} root@etcd-0\n");
        request.SshHostKeys.Add($"{HostKey}\n*.example.test {HostKey}");

        await _engine.Connect(null).EnrolAsync(request, cancellationToken: Token);

        (await _stores.Directory.FindByInstanceAsync("uid-0", Token))!.SshHostKeys.Should().Equal(HostKey);
    }

    [Fact]
    public async Task Enrol_WhereTheCloudTakesEvidence_NeedsTheMachinesForANonceOfItsKey()
    {
        _stores.Evidence = static (instance, nonce, evidence) => evidence.Span.SequenceEqual(SHA256.HashData(nonce.Span))
            ? EvidenceVerdict.Proven("machine")
            : EvidenceVerdict.Refused($"Not the machine of {instance}.");
        EnrolRequest request = EngineUnderTest.Request(One, "uid-0", await _engine.IssueSecretAsync(One, "uid-0"), _key);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] nonce = await ChallengeAsync(One, "uid-0", _key);
        byte[] otherNonce = await ChallengeAsync(One, "uid-0", other);
        byte[] otherInstances = await ChallengeAsync(One, "uid-1", _key);

        (string What, byte[] Nonce, byte[] Evidence)[] refused =
        [
            ("none", [], []),
            ("of another machine", nonce, [1, 2, 3]),
            ("for another nonce", nonce, SHA256.HashData(otherNonce)),
            ("a nonce of another key", otherNonce, SHA256.HashData(otherNonce)),
            ("a nonce of another instance", otherInstances, SHA256.HashData(otherInstances)),
            ("a nonce nobody gave", new byte[nonce.Length], SHA256.HashData(new byte[nonce.Length])),
        ];
        foreach (var (what, given, evidence) in refused)
        {
            EnrolRequest wrong = new(request) { Nonce = Google.Protobuf.ByteString.CopyFrom(given), Evidence = Google.Protobuf.ByteString.CopyFrom(evidence) };
            Func<Task> enrol = async () => await _engine.Connect(null).EnrolAsync(wrong, cancellationToken: Token);
            (await enrol.Should().ThrowAsync<RpcException>(what)).Which.Status.Should().Match<Status>(s => s.StatusCode == StatusCode.PermissionDenied && !s.Detail.Contains("Not the machine"));
        }

        EnrolRequest right = new(request) { Nonce = Google.Protobuf.ByteString.CopyFrom(nonce), Evidence = Google.Protobuf.ByteString.CopyFrom(SHA256.HashData(nonce)) };
        (await _engine.Connect(null).EnrolAsync(right, cancellationToken: Token)).Certificate.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Challenge_WhereTheCloudTakesNoEvidence_GivesNoNonce() =>
        (await ChallengeAsync(One, "uid-0", _key)).Should().BeEmpty();

    [Fact]
    public async Task Enrol_WithoutSecretOrCertificate_IsRefused() =>
        await Refused(StatusCode.Unauthenticated, async () =>
            await _engine.Connect(null).EnrolAsync(EngineUnderTest.Request(One, "uid-0", string.Empty, _key), cancellationToken: Token));

    [Fact]
    public async Task Enrol_UnderItsOwnCertificate_RenewsIt()
    {
        using X509Certificate2 first = await _engine.EnrolAsync(One, "uid-0", _key);

        EnrolResponse response = await _engine.Connect(first)
            .EnrolAsync(EngineUnderTest.Request(One, "uid-0", string.Empty, _key), cancellationToken: Token);

        using X509Certificate2 second = X509CertificateLoader.LoadCertificate(response.Certificate.Span);
        second.Subject.Should().Be("CN=uid-0");
        second.SerialNumber.Should().NotBe(first.SerialNumber);
    }

    [Fact]
    public async Task Enrol_RenewalForAnotherKeyOrInstance_IsRefused()
    {
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        using ECDsa otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await Refused(StatusCode.PermissionDenied, async () => await _engine.Connect(certificate)
            .EnrolAsync(EngineUnderTest.Request(One, "uid-0", string.Empty, otherKey), cancellationToken: Token));
        await Refused(StatusCode.PermissionDenied, async () => await _engine.Connect(certificate)
            .EnrolAsync(EngineUnderTest.Request(Other, "uid-1", string.Empty, _key), cancellationToken: Token));
    }

    [Fact]
    public async Task AnyCall_WithoutACertificate_IsRefused()
    {
        AgentContract.AgentClient nobody = _engine.Connect(null);

        await Refused(StatusCode.Unauthenticated, async () => await nobody.GetBundleAsync(new GetBundleRequest(), cancellationToken: Token));
        await Refused(StatusCode.Unauthenticated, async () => await nobody.SignCertificateAsync(new SignCertificateRequest(), cancellationToken: Token));
        await Refused(StatusCode.Unauthenticated, async () => await nobody.GetSecretAsync(new GetSecretRequest(), cancellationToken: Token));
        await Refused(StatusCode.Unauthenticated, async () => await nobody.ReportAsync(new ReportRequest(), cancellationToken: Token));
    }

    [Fact]
    public async Task AnyCall_WithACertificateOfAnotherAuthority_DoesNotConnect()
    {
        using EngineAuthority foreign = await EngineAuthority.OpenAsync(new MemorySecretStore(), TimeProvider.System, Token);
        using X509Certificate2 certificate = foreign.SignAgent(EngineUnderTest.SigningRequest(_key).Span, "uid-0");
        await _engine.EnrolAsync(One, "uid-0", _key);
        using X509Certificate2 identity = certificate.CopyWithPrivateKey(_key);

        Func<Task> call = async () => await _engine.Connect(identity).GetBundleAsync(new GetBundleRequest(), cancellationToken: Token);

        (await call.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().BeOneOf(StatusCode.Unavailable, StatusCode.Internal);
    }

    [Fact]
    public async Task AnyCall_OfAnInstanceThatWasForgotten_IsRefused()
    {
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        await _stores.Directory.ForgetAsync("uid-0", Token);

        await Refused(StatusCode.PermissionDenied, async () => await _engine.Connect(certificate).GetBundleAsync(new GetBundleRequest(), cancellationToken: Token));
    }

    [Fact]
    public async Task GetBundle_WithSeveralInstances_GivesTheCallersOwn()
    {
        Bundle own = await _engine.PutBundleAsync("uid-0", 0);
        Bundle foreign = await _engine.PutBundleAsync("uid-1", 1);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);

        GetBundleResponse response = await _engine.Connect(certificate).GetBundleAsync(new GetBundleRequest { HeldHash = foreign.Hash }, cancellationToken: Token);

        response.Hash.Should().Be(own.Hash);
        response.Content.Span.SequenceEqual(own.Content.Span).Should().BeTrue();
    }

    [Fact]
    public async Task GetBundle_WhileTheHeldOneIsInForce_AnswersWhenAnotherComes()
    {
        Bundle held = await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        Task<GetBundleResponse> call = _engine.Connect(certificate)
            .GetBundleAsync(new GetBundleRequest { HeldHash = held.Hash, WaitSeconds = 60 }, cancellationToken: Token).ResponseAsync;

        Bundle next = await _engine.PutBundleAsync("uid-0", 0, "ssh-ed25519 AAAA two");

        (await call).Hash.Should().Be(next.Hash);
    }

    [Fact]
    public async Task GetBundle_OfTheHeldOneWithoutWaiting_SendsNoContent()
    {
        Bundle held = await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);

        GetBundleResponse response = await _engine.Connect(certificate).GetBundleAsync(new GetBundleRequest { HeldHash = held.Hash }, cancellationToken: Token);

        response.Hash.Should().Be(held.Hash);
        response.Content.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task GetBundle_OnceAnotherMachineTakesThePlace_IsRefusedAtOnce()
    {
        Bundle held = await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        Task<GetBundleResponse> call = _engine.Connect(certificate)
            .GetBundleAsync(new GetBundleRequest { HeldHash = held.Hash, WaitSeconds = 60 }, cancellationToken: Token).ResponseAsync;

        _stores.Bundles.Remove("uid-0");

        await Refused(StatusCode.PermissionDenied, () => call);
    }

    [Fact]
    public async Task GetBundle_WhileTheListenerStops_EndsAtOnce()
    {
        Bundle held = await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        Task<GetBundleResponse> call = _engine.Connect(certificate)
            .GetBundleAsync(new GetBundleRequest { HeldHash = held.Hash, WaitSeconds = 60 }, cancellationToken: Token).ResponseAsync;
        await _stores.Bundles.WaitedForAsync(Token);

        await _engine.Listener.StopAsync(Token);

        Func<Task> ending = () => call;
        (await ending.Should().ThrowAsync<RpcException>()).Which.Status
            .Should().Match<Status>(status => status.StatusCode == StatusCode.Unavailable && status.Detail.Contains("stopping"));
    }

    [Fact]
    public async Task Entitlements_WhileTheBundleIsChanged_AreNeitherGrantedNorDenied()
    {
        await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        _stores.Bundles.Clear("uid-0");

        await Refused(StatusCode.Unavailable, async () => await _engine.Connect(identity).SignCertificateAsync(
            new SignCertificateRequest { Name = "etcd-peer", CertificateSigningRequest = EngineUnderTest.SigningRequest(_key) }, cancellationToken: Token));
        await Refused(StatusCode.Unavailable, async () =>
            await _engine.Connect(identity).GetSecretAsync(new GetSecretRequest { Reference = "secret://own-uid-0" }, cancellationToken: Token));
    }

    [Fact]
    public async Task SignCertificate_ForAnEntitlement_TakesNamesFromTheEnginesRecords()
    {
        await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        SignCertificateResponse response = await _engine.Connect(identity).SignCertificateAsync(
            new SignCertificateRequest { Name = "etcd-peer", CertificateSigningRequest = EngineUnderTest.SigningRequest(key) }, cancellationToken: Token);

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(response.Certificate.Span);
        certificate.Subject.Should().Be("CN=etcd-peer");
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames()
            .Should().Equal("etcd-0.demo.dev.tarmak.local");
    }

    [Fact]
    public async Task SignCertificate_NotInTheBundle_IsRefused()
    {
        await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);

        await Refused(StatusCode.PermissionDenied, async () => await _engine.Connect(identity).SignCertificateAsync(
            new SignCertificateRequest { Name = "admin", CertificateSigningRequest = EngineUnderTest.SigningRequest(_key) }, cancellationToken: Token));
    }

    [Fact]
    public async Task GetSecret_NamedByTheCallersBundle_GivesItsValue()
    {
        await _engine.PutBundleAsync("uid-0", 0);
        await _stores.Secrets.CreateIfAbsentAsync("secrets/uid-0", Encoding.UTF8.GetBytes("value"), Token);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);

        GetSecretResponse response = await _engine.Connect(identity).GetSecretAsync(new GetSecretRequest { Reference = "secret://own-uid-0" }, cancellationToken: Token);

        response.Value.ToStringUtf8().Should().Be("value");
    }

    [Theory]
    [InlineData("secret://own-uid-1")]
    [InlineData("secret://secrets/uid-0")]
    [InlineData("secret://engine/authority")]
    [InlineData("own-uid-0")]
    [InlineData("")]
    public async Task GetSecret_NotNamedByTheCallersBundle_IsRefused(string reference)
    {
        await _engine.PutBundleAsync("uid-0", 0);
        await _engine.PutBundleAsync("uid-1", 1);
        await _stores.Secrets.CreateIfAbsentAsync("secrets/uid-1", Encoding.UTF8.GetBytes("value"), Token);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);

        await Refused(StatusCode.PermissionDenied, async () =>
            await _engine.Connect(identity).GetSecretAsync(new GetSecretRequest { Reference = reference }, cancellationToken: Token));
    }

    [Fact]
    public async Task AnyCall_AboutWhatWasWithdrawn_IsRefusedFromTheNextOneOn()
    {
        Bundle bundle = await _engine.PutBundleAsync("uid-0", 0);
        await _stores.Secrets.CreateIfAbsentAsync("secrets/uid-0", Encoding.UTF8.GetBytes("value"), Token);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        AgentContract.AgentClient agent = _engine.Connect(identity);
        (string Path, Func<Task> Call)[] calls =
        [
            (GrantPaths.Bundle(One), async () => await agent.GetBundleAsync(new GetBundleRequest(), cancellationToken: Token)),
            (GrantPaths.Secret(AgentPlaces.Authority("dev", "demo", "etcd")), async () => await agent.SignCertificateAsync(
                new SignCertificateRequest { Name = "etcd-peer", CertificateSigningRequest = EngineUnderTest.SigningRequest(_key) }, cancellationToken: Token)),
            (GrantPaths.Secret("secrets/uid-0"), async () => await agent.GetSecretAsync(new GetSecretRequest { Reference = "secret://own-uid-0" }, cancellationToken: Token)),
        ];

        foreach ((string path, Func<Task> call) in calls)
        {
            await call();
            _stores.Grants.Withdraw("uid-0", path);
            await Refused(StatusCode.PermissionDenied, call);
        }

        (await agent.GetBundleAsync(new GetBundleRequest { HeldHash = bundle.Hash }, cancellationToken: Token)).Content.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task AnyCall_BeforeItsGrantsAreRecorded_IsNeitherGrantedNorDenied()
    {
        await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        _stores.Grants.Forget("uid-0");

        await Refused(StatusCode.Unavailable, async () => await _engine.Connect(identity).GetBundleAsync(new GetBundleRequest(), cancellationToken: Token));
    }

    [Fact]
    public async Task GetBundle_WhoseGrantIsWithdrawnWhileItWaits_IsRefused()
    {
        Bundle held = await _engine.PutBundleAsync("uid-0", 0);
        using X509Certificate2 certificate = await _engine.EnrolAsync(One, "uid-0", _key);
        Task<GetBundleResponse> call = _engine.Connect(certificate)
            .GetBundleAsync(new GetBundleRequest { HeldHash = held.Hash, WaitSeconds = 60 }, cancellationToken: Token).ResponseAsync;
        await _stores.Bundles.WaitedForAsync(Token);

        _stores.Grants.Withdraw("uid-0", GrantPaths.Bundle(One));
        await _engine.PutBundleAsync("uid-0", 0, "ssh-ed25519 AAAA two", isGranted: false);

        await Refused(StatusCode.PermissionDenied, () => call);
    }

    [Fact]
    public async Task Report_OfARun_IsRecordedForTheCaller()
    {
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        ReportRequest report = new() { BundleHash = new string('a', 64), Run = 1, Result = ReportRequest.Types.Result.Changed, TotalResources = 12, Seconds = 1.5 };
        report.Resources.Add(new ResourceReport { Resource = "Service[etcd]", Message = "started" });

        await _engine.Connect(identity).ReportAsync(report, cancellationToken: Token);

        ConfigurationRun run = (await _stores.Directory.RunsAsync("uid-0", 10, Token)).Should().ContainSingle().Which;
        run.Result.Should().Be(RunResult.Changed);
        run.Resources.Should().Equal(new ResourceChange("Service[etcd]", false, "started"));
    }

    [Fact]
    public async Task Report_WithMoreThanItMayStore_KeepsFailuresFirst()
    {
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);
        ReportRequest report = new() { BundleHash = new string('a', 64), Run = 1, Result = ReportRequest.Types.Result.Failed };
        report.Resources.AddRange(Enumerable.Range(0, 400).Select(n => new ResourceReport { Resource = $"File[/{n}]", Message = new string('m', 2000) }));
        report.Resources.Add(new ResourceReport { Resource = "Service[etcd]", Failed = true, Message = "did not start" });

        await _engine.Connect(identity).ReportAsync(report, cancellationToken: Token);

        ConfigurationRun run = (await _stores.Directory.RunsAsync("uid-0", 10, Token)).Should().ContainSingle().Which;
        run.Resources[0].Should().Be(new ResourceChange("Service[etcd]", true, "did not start"));
        run.Resources.Sum(resource => resource.Resource.Length + resource.Message.Length).Should().BeInRange(100_000, 128 * 1024);
    }

    [Fact]
    public async Task Report_WithoutAHash_IsRefused()
    {
        using X509Certificate2 identity = await _engine.EnrolAsync(One, "uid-0", _key);

        await Refused(StatusCode.InvalidArgument, async () => await _engine.Connect(identity)
            .ReportAsync(new ReportRequest { Run = 1, Result = ReportRequest.Types.Result.Changed }, cancellationToken: Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<byte[]> ChallengeAsync(string instance, string uid, ECDsa key) => (await _engine.Connect(null).ChallengeAsync(
        new ChallengeRequest { Instance = instance, InstanceUid = uid, PublicKey = Google.Protobuf.ByteString.CopyFrom(key.ExportSubjectPublicKeyInfo()) },
        cancellationToken: Token)).Nonce.ToByteArray();

    private static async Task Refused(StatusCode status, Func<Task> call) =>
        (await call.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(status);
}
