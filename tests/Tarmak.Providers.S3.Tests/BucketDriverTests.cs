using Microsoft.Extensions.Time.Testing;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.S3.Tests.Server;

namespace Tarmak.Providers.S3.Tests;

public sealed class BucketDriverTests : IAsyncLifetime
{
    private static readonly ResourceCall Call = Calls.Of("bucket");
    private static readonly StepOutcome Absent = new StepOutcome.Succeeded(Observation.Absent);
    private LoopbackS3 server = null!;
    private S3Provider provider = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IResourceDriver<BucketSpec> Buckets => provider.ObjectStorage.Buckets;

    public async ValueTask InitializeAsync()
    {
        server = await LoopbackS3.StartAsync();
        provider = Calls.Open(server.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Ensure_CutOffAtAnyExchange_IsFinishedByTheNext(bool keepsVersions, bool afterTheEffect)
    {
        server.Store.KeepsVersions = keepsVersions;
        var at = 0;
        for (var wasCut = true; wasCut; at++)
        {
            var arrived = CutAt(at, afterTheEffect);
            var first = await Buckets.EnsureAsync(Call, Calls.Spec, Token);
            server.Disturb = static _ => null;
            wasCut = arrived() > at;

            var second = await Buckets.EnsureAsync(Call, Calls.Spec, Token);

            second.Should().BeOfType<StepOutcome.Succeeded>($"exchange {at} was cut off, and the first call ended as {first}");
            (await Buckets.ObserveAsync(Call, Calls.Spec, Token)).Should().Be(second);
            (await Calls.DeleteAsync(Buckets, Call with { ObjectId = Call.Name }, Token)).Should().Be(Absent);
            server.Store.Buckets.Should().BeEmpty();
        }

        at.Should().BeGreaterThan(8);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_AfterAnEnsureThatWasCutOffAnywhere_LeavesNothing(bool afterTheEffect)
    {
        for (var (at, wasCut) = (0, true); wasCut; at++)
        {
            var arrived = CutAt(at, afterTheEffect);
            await Buckets.EnsureAsync(Call, Calls.Spec, Token);
            server.Disturb = static _ => null;
            wasCut = arrived() > at;

            // As a machine does that is told to delete: it looks, and deletes what it finds by its id.
            var seen = (await Buckets.ObserveAsync(Call, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;
            if (seen.Exists)
            {
                (await Calls.DeleteAsync(Buckets, Call with { ObjectId = seen.ObjectId }, Token)).Should().Be(Absent);
            }

            server.Store.Buckets.Should().BeEmpty($"exchange {at} of the ensure was cut off");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_CutOffAtAnyExchange_IsFinishedByTheNext(bool afterTheEffect)
    {
        var at = 0;
        for (var wasCut = true; wasCut; at++)
        {
            await Buckets.EnsureAsync(Call, Calls.Spec, Token);
            foreach (var key in new[] { "a", "a", "b" })
            {
                await provider.ObjectStorage.PutAsync(Call.Name, key, "x"u8.ToArray(), null, Token);
            }

            var arrived = CutAt(at, afterTheEffect);
            var first = await Calls.DeleteAsync(Buckets, Call with { ObjectId = Call.Name }, Token);
            server.Disturb = static _ => null;
            wasCut = arrived() > at;

            var second = await Calls.DeleteAsync(Buckets, Call with { ObjectId = Call.Name }, Token);

            second.Should().Be(Absent, $"exchange {at} was cut off, and the first call ended as {first}");
            server.Store.Buckets.Should().BeEmpty();
        }

        at.Should().BeGreaterThan(5);
    }

    [Fact]
    public async Task Ensure_ChangeWithoutAnswer_IsUnknown()
    {
        var time = new FakeTimeProvider();
        await using var waiting = Calls.Open(server.Options, time);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Disturb = r => r is { Method: "PUT", Key: "" } ? new Disturbance.Silence(arrived) : null;

        var ensure = waiting.ObjectStorage.Buckets.EnsureAsync(Call, Calls.Spec, Token);
        await arrived.Task.WaitAsync(Token);
        time.Advance(TimeSpan.FromMinutes(1));

        (await ensure).Should().BeOfType<StepOutcome.Unknown>().Which.Reason.Should().Contain($"Making bucket {Call.Name}").And.Contain("lost");
    }

    [Fact]
    public async Task Ensure_ServerThatFailsWithin_IsUnknown()
    {
        server.Disturb = r => r.Changes ? new Disturbance.Instead(S3Answer.Error(500, "InternalError")) : null;

        (await Buckets.EnsureAsync(Call, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Unknown>();
    }

    [Theory]
    [InlineData(false, true, "overwrites an object on the condition that there is none")]
    [InlineData(false, false, "overwrites an object on the condition that there is none")]
    [InlineData(true, true, "takes no write on the condition that there is no object")]
    public async Task Ensure_ServerWithoutConditions_IsRefusedAndLeavesNoBucket(bool refuses, bool keepsVersions, string said)
    {
        (server.Store.HoldsConditions, server.Store.RefusesConditions, server.Store.KeepsVersions) = (false, refuses, keepsVersions);

        var outcome = await Buckets.EnsureAsync(Call, Calls.Spec, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Should().Match<StepOutcome.Failed>(f => f.Error == ErrorClass.Terminal && f.Message.Contains(said));
        server.Store.Buckets.Should().BeEmpty();
    }

    [Fact]
    public async Task Ensure_BucketOfAnotherAccount_IsConflict()
    {
        await using var theirs = Calls.Open(server.OtherOptions);
        await theirs.ObjectStorage.Buckets.EnsureAsync(Call, Calls.Spec, Token);

        var outcome = await Buckets.EnsureAsync(Call, Calls.Spec, Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Should().Match<StepOutcome.Failed>(f => f.Error == ErrorClass.Conflict && f.Message.Contains(Call.Name));
        (await Buckets.DeleteAsync(Call with { ObjectId = Call.Name }, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Unauthorized);
        server.Store.Buckets.Should().ContainKey(Call.Name);
    }

    [Theory]
    [InlineData("theirs.txt")]
    [InlineData(".tarmak/owner.json")]
    [InlineData(".tarmak/other")]
    public async Task Bucket_WithContentsThatAreNotOurs_IsLeftAsItIs(string key)
    {
        var bucket = server.Store.Buckets[Call.Name] = new StoredBucket(LoopbackS3.Account);
        bucket.Objects[key] = [new StoredVersion("null", "theirs"u8.ToArray())];

        (await Buckets.ObserveAsync(Call, Calls.Spec, Token)).Should().Be(Absent);
        (await Buckets.EnsureAsync(Call, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Conflict);
        (await Buckets.DeleteAsync(Call with { ObjectId = Call.Name }, Calls.Spec, Token)).Should().Be(Absent);
        server.Store.Buckets[Call.Name].Objects.Keys.Should().Equal(key);
        bucket.KeepsVersions.Should().BeFalse();
    }

    [Fact]
    public async Task Ensure_NextIncarnation_HasABucketOfItsOwn()
    {
        var next = Calls.Of("bucket", 2);
        await Buckets.EnsureAsync(Call, Calls.Spec, Token);

        var made = (await Buckets.EnsureAsync(next, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;

        made.ObjectId.Should().Be($"{Call.Name}-i2");
        (await Calls.DeleteAsync(Buckets, Call with { ObjectId = Call.Name }, Token)).Should().Be(Absent);
        server.Store.Buckets.Keys.Should().Equal(made.ObjectId);
    }

    [Fact]
    public async Task Delete_ObjectsOverManyPages_AreAllGone()
    {
        await Buckets.EnsureAsync(Call, Calls.Spec, Token);
        for (var n = 0; n < 40; n++)
        {
            await provider.ObjectStorage.PutAsync(Call.Name, $"k{n % 25}", "x"u8.ToArray(), null, Token);
        }

        var first = await Buckets.DeleteAsync(Call with { ObjectId = Call.Name }, Calls.Spec, Token);

        first.Should().BeOfType<StepOutcome.InProgress>();
        (await Calls.DeleteAsync(Buckets, Call with { ObjectId = Call.Name }, Token)).Should().Be(Absent);
        server.Store.Buckets.Should().BeEmpty();
    }

    [Fact]
    public async Task Ensure_AtTheAccountsLimit_IsQuotaExceeded()
    {
        server.Store.MostBuckets = 0;

        (await Buckets.EnsureAsync(Call, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.QuotaExceeded);
    }

    /// <summary>Cuts one exchange off, counted from 0.</summary>
    /// <returns>How many have arrived.</returns>
    private Func<int> CutAt(int at, bool afterTheEffect)
    {
        var arrived = 0;
        server.Disturb = _ => Interlocked.Increment(ref arrived) - 1 != at ? null : afterTheEffect ? new Disturbance.CutAfter() : new Disturbance.CutBefore();
        return () => arrived;
    }
}
