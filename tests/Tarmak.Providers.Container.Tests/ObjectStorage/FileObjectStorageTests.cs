using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Files;
using Tarmak.Providers.Container.ObjectStorage;

namespace Tarmak.Providers.Container.Tests.ObjectStorage;

public sealed class FileObjectStorageTests : IDisposable
{
    private static readonly BucketSpec Spec = new("configuration");
    private readonly TestFolder folder = new();
    private readonly FileObjectStorage store;

    public FileObjectStorageTests() => store = new FileObjectStorage(Path.Combine(folder.Path, "objects"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Object_WrittenTwice_ReadsAsTheNewest()
    {
        var bucket = await BucketAsync();
        var first = await store.PutAsync(bucket, "dev/demo/../a b", new byte[] { 1 }, null, Token);
        var second = await store.PutAsync(bucket, "dev/demo/../a b", new byte[] { 2 }, null, Token);

        var read = await store.GetAsync(bucket, "dev/demo/../a b", Token);

        read!.Content.ToArray().Should().Equal(2);
        read.ETag.Should().Be(second).And.NotBe(first);
        (await store.ListAsync(bucket, "dev/", Token)).Should().Equal("dev/demo/../a b");
    }

    [Fact]
    public async Task ConditionalPut_HoldsItsCondition()
    {
        var bucket = await BucketAsync();

        var made = await store.PutAsync(bucket, "a", new byte[] { 1 }, new PutCondition(null), Token);
        (await store.PutAsync(bucket, "a", new byte[] { 2 }, new PutCondition(null), Token)).Should().BeNull();
        (await store.PutAsync(bucket, "a", new byte[] { 2 }, new PutCondition("other"), Token)).Should().BeNull();
        (await store.PutAsync(bucket, "a", new byte[] { 3 }, new PutCondition(made), Token)).Should().NotBeNull();
        (await store.GetAsync(bucket, "a", Token))!.Content.ToArray().Should().Equal(3);
    }

    [Fact]
    public async Task ConditionalPut_AtOnce_HasOneWinner()
    {
        var bucket = await BucketAsync();

        var tags = await Task.WhenAll(Enumerable.Range(0, 12).Select(n =>
            Task.Run(() => store.PutAsync(bucket, "a", new[] { (byte)n }, new PutCondition(null), Token))));

        tags.Should().ContainSingle(t => t != null);
    }

    [Fact]
    public async Task Write_LeftUnfinished_GoesWithTheNext()
    {
        var bucket = await BucketAsync();
        await store.PutAsync(bucket, "a", new byte[] { 1 }, null, Token);
        var unfinished = Path.Combine(folder.Path, "objects", bucket, "o-a", "0000000002" + DurableFiles.Unfinished);
        await File.WriteAllTextAsync(unfinished, "cut off", Token);

        await store.PutAsync(bucket, "a", new byte[] { 2 }, null, Token);

        File.Exists(unfinished).Should().BeFalse();
        (await store.GetAsync(bucket, "a", Token))!.Content.ToArray().Should().Equal(2);
    }

    [Fact]
    public async Task Bucket_NotMadeToItsEnd_IsGoneOnceLookedFor()
    {
        var making = Path.Combine(folder.Path, "objects", ".making-bucket");
        Directory.CreateDirectory(making);

        (await store.Buckets.ObserveAsync(TestCalls.Call("bucket"), Spec, Token)).ShouldSucceed().Exists.Should().BeFalse();

        Directory.Exists(making).Should().BeFalse();
    }

    [Fact]
    public async Task Object_Deleted_IsGoneWithItsVersions()
    {
        var bucket = await BucketAsync();
        await store.PutAsync(bucket, "a", new byte[] { 1 }, null, Token);

        await store.DeleteAsync(bucket, "a", Token);
        await store.DeleteAsync(bucket, "a", Token);

        (await store.GetAsync(bucket, "a", Token)).Should().BeNull();
        (await store.ListAsync(bucket, "", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Bucket_EveryStepTwice_ConvergesAndLeavesNothing()
    {
        var call = TestCalls.Call("bucket");
        var made = (await store.Buckets.EnsureAsync(call, Spec, Token)).Outputs<BucketOutputs>();
        (await store.Buckets.EnsureAsync(call, Spec, Token)).Outputs<BucketOutputs>().Should().Be(made);

        (await store.Buckets.EnsureAsync(TestCalls.Call("bucket", uid: "other"), Spec, Token)).ShouldFail(ErrorClass.Conflict);
        var deletion = call with { ObjectId = made.BucketId };
        await store.Buckets.DeleteAsync(TestCalls.Call("bucket", incarnation: 2, objectId: made.BucketId), Spec, Token);
        (await store.Buckets.ObserveAsync(call, Spec, Token)).ShouldSucceed().Exists.Should().BeTrue();
        (await store.Buckets.DeleteAsync(deletion, Spec, Token)).ShouldSucceed().Exists.Should().BeFalse();
        (await store.Buckets.DeleteAsync(deletion, Spec, Token)).ShouldSucceed().Exists.Should().BeFalse();
        Directory.GetDirectories(Path.Combine(folder.Path, "objects")).Should().BeEmpty();
    }

    [Fact]
    public async Task Bucket_MadeAndLookedForAtOnce_IsNeverLeftWithoutItsMarks()
    {
        var call = TestCalls.Call("bucket");
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => n % 2 == 0
                ? new FileObjectStorage(Path.Combine(folder.Path, "objects")).Buckets.EnsureAsync(call, Spec, Token)
                : store.Buckets.ObserveAsync(call, Spec, Token))));

            var made = (await store.Buckets.EnsureAsync(call, Spec, Token)).Outputs<BucketOutputs>();
            (await store.Buckets.DeleteAsync(call with { ObjectId = made.BucketId }, Spec, Token)).ShouldSucceed();
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData("nowhere")]
    [InlineData("../objects")]
    public async Task Bucket_ThatIsNone_IsRefused(string bucket)
    {
        var read = () => store.GetAsync(bucket, "a", Token);

        (await read.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.NotFound);
    }

    private async Task<string> BucketAsync() =>
        (await store.Buckets.EnsureAsync(TestCalls.Call("bucket"), Spec, Token)).Outputs<BucketOutputs>().BucketId;
}
