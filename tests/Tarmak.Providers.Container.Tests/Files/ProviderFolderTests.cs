using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container.Tests.Files;

public sealed class ProviderFolderTests : IDisposable
{
    private static readonly BucketSpec Spec = new("configuration");
    private readonly TestFolder home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ProviderFolder Folder => new(new ProviderSettings("laptop", "container", "i", home.Path, new Dictionary<string, string>()));

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task RemoveUnused_WithTheLastSecretGone_LeavesNothing_AndTheNextSecretBeginsAnew()
    {
        await Folder.Secrets().CreateIfAbsentAsync("a", new byte[] { 1 }, Token);
        await Folder.Secrets().DeleteAsync("a", Token);

        await Folder.RemoveUnusedAsync(Token);
        await Folder.RemoveUnusedAsync(Token);

        Directory.EnumerateFileSystemEntries(Path.Combine(home.Path, "providers")).Should().BeEmpty();
        await Folder.Secrets().CreateIfAbsentAsync("a", new byte[] { 2 }, Token);
        (await Folder.Secrets().GetAsync("a", Token))!.Value.ToArray().Should().Equal(2);
    }

    [Fact]
    public async Task RemoveUnused_WhereASecretIs_KeepsItReadable()
    {
        await Folder.Secrets().CreateIfAbsentAsync("a", new byte[] { 1 }, Token);

        await Folder.RemoveUnusedAsync(Token);

        (await Folder.Secrets().GetAsync("a", Token))!.Value.ToArray().Should().Equal(1);
    }

    [Fact]
    public async Task RemoveUnused_WhereABucketIs_KeepsIt()
    {
        var call = TestCalls.Call("b");
        await Folder.Objects().Buckets.EnsureAsync(call, Spec, Token);

        await Folder.RemoveUnusedAsync(Token);

        (await Folder.Objects().Buckets.ObserveAsync(call, Spec, Token)).ShouldSucceed().Exists.Should().BeTrue();
    }
}
