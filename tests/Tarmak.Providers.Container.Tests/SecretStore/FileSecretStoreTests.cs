using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.SecretStore;

namespace Tarmak.Providers.Container.Tests.SecretStore;

public sealed class FileSecretStoreTests : IDisposable
{
    private readonly TestFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Create_Twice_KeepsTheFirst()
    {
        var store = new FileSecretStore(folder.Path);

        var first = await store.CreateIfAbsentAsync("ca/etcd", Bytes("one"), Token);
        var second = await store.CreateIfAbsentAsync("ca/etcd", Bytes("two"), Token);

        Text(first.Value).Should().Be("one");
        Text(second.Value).Should().Be("one");
        second.Version.Should().Be(1);
    }

    [Fact]
    public async Task Create_AtOnceFromManyStores_HasOneWinner()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            Task.Run(() => new FileSecretStore(folder.Path).CreateIfAbsentAsync("a", Bytes($"value {n}"), Token))));

        made.Select(s => Text(s.Value)).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task CompareAndSet_AtOnce_HasOneWinnerPerVersion()
    {
        var store = new FileSecretStore(folder.Path);
        await store.CreateIfAbsentAsync("a", Bytes("0"), Token);

        var set = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            Task.Run(() => new FileSecretStore(folder.Path).CompareAndSetAsync("a", Bytes($"{n}"), 1, Token))));

        set.Should().ContainSingle(s => s != null).Which!.Version.Should().Be(2);
        Text((await store.GetAsync("a", Token))!.Value).Should().Be(Text(set.Single(s => s is not null)!.Value));
    }

    [Fact]
    public async Task Names_ThatArePrefixesOfEachOther_AreTwoSecrets()
    {
        var store = new FileSecretStore(folder.Path);
        await store.CreateIfAbsentAsync("a", Bytes("1"), Token);
        await store.CreateIfAbsentAsync("a/b", Bytes("2"), Token);

        (await store.ListAsync("a", Token)).Should().Equal("a", "a/b");
        (await store.ListAsync("a/", Token)).Should().Equal("a/b");
        await store.DeleteAsync("a", Token);
        await store.DeleteAsync("a", Token);
        (await store.GetAsync("a", Token)).Should().BeNull();
        Text((await store.GetAsync("a/b", Token))!.Value).Should().Be("2");
    }

    [Fact]
    public async Task Files_HoldNoPlainText_AndOnlyTheOwnerReadsThem()
    {
        await new FileSecretStore(folder.Path).CreateIfAbsentAsync("a", Bytes("planted-secret-value"), Token);

        foreach (var file in Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllTextAsync(file, Encoding.Latin1, Token)).Should().NotContain("planted-secret-value");
            if (!file.EndsWith(".lock", StringComparison.Ordinal))
            {
                File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public async Task Value_MovedToAnotherName_IsRefused()
    {
        var store = new FileSecretStore(folder.Path);
        await store.CreateIfAbsentAsync("a", Bytes("1"), Token);
        await store.CreateIfAbsentAsync("b", Bytes("2"), Token);
        File.Copy(Path.Combine(folder.Path, "secrets", "s-a", "0000000001"), Path.Combine(folder.Path, "secrets", "s-b", "0000000001"), overwrite: true);

        var read = () => store.GetAsync("b", Token);

        (await read.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Terminal);
    }

    [Fact]
    public async Task Key_OthersMayRead_IsRefused()
    {
        var store = new FileSecretStore(folder.Path);
        await store.CreateIfAbsentAsync("a", Bytes("1"), Token);
        File.SetUnixFileMode(Path.Combine(folder.Path, "secrets.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var read = () => store.GetAsync("a", Token);

        (await read.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Unauthorized);
    }

    [Fact]
    public async Task Key_Gone_IsNeverMadeAnewBesideOldSecrets()
    {
        var store = new FileSecretStore(folder.Path);
        await store.CreateIfAbsentAsync("a", Bytes("1"), Token);
        File.Delete(Path.Combine(folder.Path, "secrets.key"));

        var write = () => store.CreateIfAbsentAsync("b", Bytes("2"), Token);

        (await write.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Terminal);
    }

    [Fact]
    public async Task Remains_OfACrashedWrite_AreNoVersion()
    {
        var store = new FileSecretStore(folder.Path);
        Directory.CreateDirectory(Path.Combine(folder.Path, "secrets", "s-a"));
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "secrets", "s-a", "0000000001.abc.tmp"), [1, 2], Token);

        (await store.GetAsync("a", Token)).Should().BeNull();
        (await store.CreateIfAbsentAsync("a", Bytes("1"), Token)).Version.Should().Be(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("a//b")]
    [InlineData("a b")]
    [InlineData("/a")]
    public async Task Name_OutsideTheAlphabet_IsRefused(string name)
    {
        var read = () => new FileSecretStore(folder.Path).GetAsync(name, Token);

        (await read.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.InvalidSpec);
    }

    [Fact]
    public async Task Value_Over64KiB_IsRefused()
    {
        var write = () => new FileSecretStore(folder.Path).CreateIfAbsentAsync("a", new byte[64 * 1024 + 1], Token);

        (await write.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.InvalidSpec);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> value) => Encoding.UTF8.GetString(value.Span);
}
