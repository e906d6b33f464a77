using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Api.V1;
using Tarmak.Engine;
using Tarmak.Grains.Exports;
using Tarmak.Providers;

namespace Tarmak.Gateway.Tests.Hosting;

/// <summary>What a recovery refuses, with the home as it was. What it does is shown end to end.</summary>
public sealed class RecoverOnceTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("tarmak-recover");
    private readonly RecoveryKey key = RecoveryKey.Create("0123456789ab");

    private string Home => Path.Combine(directory.FullName, "home");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public async Task Recover_KeyMistyped_IsRefused() =>
        await RefusedAsync(r => r.RecoveryKey = r.RecoveryKey[..^4], "The key file holds a recovery key that is incomplete or mistyped; copy it whole.");

    [Fact]
    public async Task Recover_ProviderNotGiven_IsRefused() =>
        await RefusedAsync(r => r.From = "vault", "The files hold no provider vault; give its manifest with -f, as it is reached now.");

    [Fact]
    public async Task Recover_NothingExportedThere_IsRefused() => await RefusedAsync(
        _ => { },
        "Provider laptop has no export of environment dev of installation 0123456789ab; name the provider that state was bound to with --from, and its bucket with --bucket where buckets have ids of their own.");

    [Fact]
    public async Task Recover_BucketNamed_IsTheOnlyOneLookedInto() =>
        await RefusedAsync(r => r.Bucket = "mine", "*of installation 0123456789ab in bucket mine; name the provider*");

    [Fact]
    public async Task Recover_ManifestWrong_IsRefusedAtItsField() =>
        await RefusedAsync(r => r.Files[0].Content = r.Files[0].Content.Replace("type: container", "type: balloon", StringComparison.Ordinal), "*spec.type: is balloon, which this engine has no provider for*");

    [Fact]
    public async Task Recover_HomeOfAnotherInstallation_IsRefused()
    {
        var installation = EngineHome.Open(Home).Installation();

        await RefusedAsync(_ => { }, $"{Home} is the home of installation {installation}, and the key is of installation 0123456789ab; name an empty directory in TARMAK_HOME.");
    }

    [Fact]
    public async Task Recover_HomeOfTheInstallationWithAnotherKey_IsRefused()
    {
        var other = RecoveryKey.Create("0123456789ab");
        await File.WriteAllTextAsync(EngineHome.Open(Home).RecoveryKeyPath, other.Reveal(), TestContext.Current.CancellationToken);

        await RefusedAsync(_ => { }, $"*holds another recovery key ({other.Id}) of the same installation*");
    }

    [Fact]
    public void Home_ThatARecoveryWroteHalfOf_IsNotStartedOn()
    {
        var home = EngineHome.Open(Home);
        File.WriteAllText(home.RecoveringPath, "dev");

        var start = home.RequireWhole;

        start.Should().Throw<StartException>().WithMessage("A recovery into * was cut off*run the same tarmak recover again, or recover into an empty directory instead.");
    }

    private async Task RefusedAsync(Action<RecoverRequest> change, string sentence)
    {
        var request = new RecoverRequest { RecoveryKey = key.Reveal(), From = "laptop", Environments = { "dev" } };
        request.Files.Add(new ManifestFile
        {
            Name = "dev.yaml",
            Content = $$"""
                apiVersion: tarmak.io/v1alpha1
                kind: Provider
                metadata: { name: laptop }
                spec: { type: container, directory: {{Path.Combine(directory.FullName, "cloud")}} }
                """,
        });
        change(request);
        var home = EngineHome.Open(Home);
        var before = Directory.GetFiles(Home);
        using var answer = new MemoryStream();

        var recover = () => RecoverOnce.RunAsync(home, static services => services.AddContainerProvider(), new MemoryStream(request.ToByteArray()), answer);

        (await recover.Should().ThrowAsync<Exception>()).WithMessage(sentence);
        answer.Length.Should().Be(0);
        Directory.GetFiles(Home).Should().BeEquivalentTo(before, "nothing is written before all was read");
    }
}
