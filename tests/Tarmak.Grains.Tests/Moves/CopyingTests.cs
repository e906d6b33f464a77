using System.Text;
using Tarmak.Grains.Moves;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

public sealed class CopyingTests : IAsyncDisposable
{
    private readonly Warehouse source = new();
    private readonly Warehouse target = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfLargeValues_EndsBeforeItsNumberIsReached()
    {
        var (from, to) = await PlacesAsync();
        foreach (var name in new[] { "a", "b", "c" })
        {
            await from.WriteAsync(name, new byte[(Copying.PageBytes / 2) + 1], null, Token);
        }

        var last = await Copying.PageAsync(from, to, null, Token);

        last.Should().Be("b");
        (await to.ListAsync(Token)).Should().Equal("a", "b");
        (await Copying.PageAsync(from, to, last, Token)).Should().BeNull();
        (await to.ListAsync(Token)).Should().Equal("a", "b", "c");
    }

    [Fact]
    public async Task One_WrittenWhileItIsCopied_IsNeverOlderThanItsWriterLeftIt()
    {
        for (var call = 0; call < 10; call++)
        {
            foreach (var inTarget in new[] { false, true })
            {
                var (from, to) = await PlacesAsync();
                await from.WriteAsync("a", "first"u8.ToArray(), null, Token);
                var (store, at) = inTarget ? (target, target.Calls + call) : (source, source.Calls + call);
                store.At = (number, before) =>
                {
                    if (number == at && before)
                    {
                        store.At = null;
                        WriteAsync(from, to).GetAwaiter().GetResult();
                    }
                };

                await Copying.OneAsync("a", from, to, Token);

                (source.At, target.At) = (null, null);
                Text(await to.ReadAsync("a", Token)).Should().Be(Text(await from.ReadAsync("a", Token)));
                await from.DeleteAsync("a", Token);
                await to.DeleteAsync("a", Token);
            }
        }
    }

    [Fact]
    public async Task Page_FromAPlaceThatIsEmptyWhileItsCopyIsNot_TakesNothingAway()
    {
        var (from, to) = await PlacesAsync();
        await to.WriteAsync("a", "all there is"u8.ToArray(), null, Token);

        var copied = () => Copying.PageAsync(from, to, null, Token);

        (await copied.Should().ThrowAsync<ProviderException>()).WithMessage("The place in force is empty, and the other has 1 of them, which may be all there is*")
            .Which.Error.Should().Be(ErrorClass.Conflict);
        (await to.ListAsync(Token)).Should().Equal("a");
    }

    [Fact]
    public async Task Page_FromAPlaceThatIsBeingLeft_TakesNothingAway()
    {
        var (from, to) = await PlacesAsync();
        await from.WriteAsync("b", "not wiped yet"u8.ToArray(), null, Token);
        await from.WriteAsync(from.ProbeOf(Copying.LeftMark), new byte[] { 1 }, null, Token);
        await to.WriteAsync("a", "all there is"u8.ToArray(), null, Token);

        var copied = () => Copying.PageAsync(from, to, null, Token);

        (await copied.Should().ThrowAsync<ProviderException>()).WithMessage("The place in force was left before*");
        (await to.ListAsync(Token)).Should().Equal("a");
    }

    [Fact]
    public async Task Probes_AreNoObjects()
    {
        var (from, to) = await PlacesAsync();
        await from.WriteAsync(from.ProbeOf("u1"), "probe"u8.ToArray(), null, Token);

        await Copying.PageAsync(from, to, null, Token);

        target.Content.Should().BeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await target.DisposeAsync();
    }

    private static async Task WriteAsync(CopyPlace from, CopyPlace to)
    {
        await from.WriteAsync("a", "second"u8.ToArray(), (await from.ReadAsync("a", Token))?.Version, Token);
        await Copying.OneAsync("a", from, to, Token);
    }

    private static string? Text(CopiedValue? value) => value is null ? null : Encoding.UTF8.GetString(value.Content.Span);

    private async Task<(CopyPlace From, CopyPlace To)> PlacesAsync() => (await PlaceAsync(source), await PlaceAsync(target));

    private static async Task<CopyPlace> PlaceAsync(Warehouse warehouse)
    {
        var call = new ResourceCall { Marks = new OwnerMarks("test", "dev", null, "u", "dev#bucket/backups"), Name = "bucket", Incarnation = 1, Token = "t" };
        await warehouse.EnsureAsync(call, new Model.Resources.BucketSpec("backups"), Token);
        return new ObjectCopyPlace("bucket", warehouse);
    }
}
