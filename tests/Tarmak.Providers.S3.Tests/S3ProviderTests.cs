using System.Net;
using System.Net.Sockets;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.S3.Tests.Server;

namespace Tarmak.Providers.S3.Tests;

public sealed class S3ProviderTests
{
    private static readonly PreflightRequest Nothing = new([], []);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_ServerAndKey_AreMet()
    {
        await using var server = await LoopbackS3.StartAsync();
        await using var provider = Calls.Open(server.Options);

        var findings = await provider.VerifyAsync(Token);

        findings.Select(f => (f.Requirement, f.State)).Should().Equal(
            (S3Sheet.Server, RequirementState.Met), (S3Sheet.Key, RequirementState.Met), (S3Sheet.Rights, RequirementState.Unknown), (S3Sheet.Conditions, RequirementState.Unknown));
        (await provider.CheckAsync(Nothing, Token)).Should().BeEmpty();
        server.Store.Buckets.Should().BeEmpty();
    }

    [Theory]
    [InlineData("AKOURS")]
    [InlineData("AKNOBODY")]
    public async Task Check_WithAWrongKey_TellsItAndNoSecret(string id)
    {
        await using var server = await LoopbackS3.StartAsync();
        await using var provider = Calls.Open(server.OptionsOf(id, "wrong/secret+of/nobody"));

        var said = await provider.CheckAsync(Nothing, Token);
        var outcome = await provider.ObjectStorage.Buckets.EnsureAsync(Calls.Of("a"), Calls.Spec, Token);
        var refusal = (await FluentActions.Awaiting(() => provider.ObjectStorage.GetAsync("tarmak-a", "a", Token)).Should().ThrowAsync<ProviderException>()).Which;

        said.Should().ContainSingle().Which.Should().Contain("does not take the access key");
        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Unauthenticated);
        (refusal.ToString() + outcome + string.Join('\n', said)).Should().NotContain("wrong/secret").And.NotContain(server.Secret);
        server.Store.Buckets.Should().BeEmpty();
    }

    [Fact]
    public async Task Verify_KeyThatMayNotList_IsUnknownWithTheReason()
    {
        await using var server = await LoopbackS3.StartAsync();
        server.Store.ListsBuckets = false;
        await using var provider = Calls.Open(server.Options);

        var findings = await provider.VerifyAsync(Token);

        findings.Single(f => f.Requirement == S3Sheet.Server).State.Should().Be(RequirementState.Met);
        findings.Single(f => f.Requirement == S3Sheet.Key).Should().Match<RequirementFinding>(f => f.State == RequirementState.Unknown && f.Sentence.Contains("s3:ListAllMyBuckets"));
        (await provider.CheckAsync(Nothing, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Verify_KeyFileThatIsNotThere_IsUnmetWithItsFile()
    {
        await using var server = await LoopbackS3.StartAsync();
        await using var provider = Calls.Open(new Dictionary<string, string>(server.Options) { [ProviderOptions.CredentialsFile] = "/nowhere/archive.key" });

        var findings = await provider.VerifyAsync(Token);

        findings.Single(f => f.Requirement == S3Sheet.Key).Should().Match<RequirementFinding>(f => f.State == RequirementState.Unmet && f.Sentence.Contains("/nowhere/archive.key"));
    }

    [Fact]
    public async Task Ensure_ServerThatDoesNotRun_IsTransientAndToldBefore()
    {
        await using var provider = Calls.Open(await NobodyAsync("http"));

        var outcome = await provider.ObjectStorage.Buckets.EnsureAsync(Calls.Of("a"), Calls.Spec, Token);
        var said = await provider.CheckAsync(Nothing, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Should().Match<StepOutcome.Failed>(f => f.Error == ErrorClass.Transient && f.Message.Contains("is not reached"));
        said.Should().ContainSingle().Which.Should().Contain("spec.server");
    }

    [Fact]
    public async Task Check_CertificateThatNobodyTrusts_IsRefused()
    {
        await using var server = await LoopbackS3.StartAsync(tls: true);
        await using var provider = Calls.Open(server.Options);

        var said = await provider.CheckAsync(Nothing, Token);
        var outcome = await provider.ObjectStorage.Buckets.EnsureAsync(Calls.Of("a"), Calls.Spec, Token);

        said.Should().ContainSingle().Which.Should().Contain("certificate");
        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Terminal);
    }

    [Fact]
    public async Task Describe_Type_TellsWhatItOffers()
    {
        var factory = new S3ProviderFactory(TimeProvider.System);

        await using var provider = factory.Create(new ProviderSettings("archive", "s3", "i", "/", await NobodyAsync("https")), null!);

        factory.Type.Should().Be("s3");
        factory.Describe(new Dictionary<string, string>()).Should().BeSameAs(provider.Sheet);
        provider.Sheet.Capabilities.Select(c => c.Capability).Should().Equal(CapabilityNames.ObjectStorage);
    }

    private static async Task<Dictionary<string, string>> NobodyAsync(string scheme)
    {
        await using var server = await LoopbackS3.StartAsync();
        var file = Path.Combine(AppContext.BaseDirectory, "nobody.key");
        await File.WriteAllTextAsync(file, "aws_access_key_id = AK\naws_secret_access_key = SK\n", Token);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new() { [ProviderOptions.Server] = $"{scheme}://{listener.LocalEndpoint}", [ProviderOptions.CredentialsFile] = file };
    }
}
