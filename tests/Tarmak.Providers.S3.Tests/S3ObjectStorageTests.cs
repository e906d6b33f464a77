using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.S3.Tests.Server;

namespace Tarmak.Providers.S3.Tests;

public sealed class S3ObjectStorageTests : IAsyncLifetime
{
    private static readonly ResourceCall Call = Calls.Of("objects");
    private LoopbackS3 server = null!;
    private S3Provider provider = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IObjectStorage Storage => provider.ObjectStorage;

    public async ValueTask InitializeAsync()
    {
        server = await LoopbackS3.StartAsync();
        provider = Calls.Open(server.Options);
        await Storage.Buckets.EnsureAsync(Call, Calls.Spec, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await provider.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData(403, "AccessDenied", ErrorClass.Unauthorized)]
    [InlineData(403, "InvalidAccessKeyId", ErrorClass.Unauthenticated)]
    [InlineData(403, "SignatureDoesNotMatch", ErrorClass.Unauthenticated)]
    [InlineData(403, "RequestTimeTooSkewed", ErrorClass.Unauthenticated)]
    [InlineData(400, "ExpiredToken", ErrorClass.Unauthenticated)]
    [InlineData(400, "AuthorizationHeaderMalformed", ErrorClass.InvalidSpec)]
    [InlineData(301, "PermanentRedirect", ErrorClass.InvalidSpec)]
    [InlineData(404, "NoSuchBucket", ErrorClass.NotFound)]
    [InlineData(503, "SlowDown", ErrorClass.RateLimited)]
    [InlineData(429, "TooManyRequests", ErrorClass.RateLimited)]
    [InlineData(503, "ServiceUnavailable", ErrorClass.Transient)]
    [InlineData(500, "InternalError", ErrorClass.Transient)]
    [InlineData(400, "RequestTimeout", ErrorClass.Transient)]
    [InlineData(409, "OperationAborted", ErrorClass.Transient)]
    [InlineData(400, "TooManyBuckets", ErrorClass.QuotaExceeded)]
    [InlineData(507, "XMinioStorageFull", ErrorClass.ResourcesDepleted)]
    [InlineData(400, "EntityTooLarge", ErrorClass.InvalidSpec)]
    [InlineData(501, "NotImplemented", ErrorClass.Terminal)]
    public async Task Put_AnswerOfTheServer_HasItsClass(int status, string code, ErrorClass expected)
    {
        server.Disturb = _ => new Disturbance.Instead(S3Answer.Error(status, code));

        var act = () => Storage.PutAsync(Call.Name, "a", "x"u8.ToArray(), null, Token);

        var refusal = (await act.Should().ThrowAsync<ProviderException>()).Which;
        refusal.Error.Should().Be(expected, refusal.Message);
        refusal.Message.Should().Contain(Call.Name).And.Contain("S3 server 127.0.0.1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_CutOff_IsTransientAndSaysThatItMayBeDone(bool afterTheEffect)
    {
        server.Disturb = r => r.Method != "PUT" ? null : afterTheEffect ? new Disturbance.CutAfter() : new Disturbance.CutBefore();

        var act = () => Storage.PutAsync(Call.Name, "a", "x"u8.ToArray(), new PutCondition((string?)null), Token);

        var lost = (await act.Should().ThrowAsync<ProviderException>()).Which;
        (lost.Error, lost.Message).Should().Be((ErrorClass.Transient, $"Writing object a of bucket {Call.Name}: the answer of S3 server {new Uri(server.Address).Authority} was lost, so it may have been done."));
        server.Disturb = static _ => null;
        ((await Storage.GetAsync(Call.Name, "a", Token)) is not null).Should().Be(afterTheEffect);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Put_WriteUnderWayAtTheSameTime_IsDecidedByWhatIsThere(bool isThere)
    {
        if (isThere)
        {
            await Storage.PutAsync(Call.Name, "a", "other"u8.ToArray(), null, Token);
        }

        server.Disturb = r => r.Method == "PUT" ? new Disturbance.Instead(S3Answer.Error(409, "ConditionalRequestConflict")) : null;
        var act = () => Storage.PutAsync(Call.Name, "a", "x"u8.ToArray(), new PutCondition((string?)null), Token);

        if (isThere)
        {
            (await act()).Should().BeNull();
        }
        else
        {
            (await act.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Transient);
        }
    }

    [Fact]
    public async Task Put_OverAnETagOfWhatIsGone_IsRefused()
    {
        var etag = await Storage.PutAsync(Call.Name, "a", "x"u8.ToArray(), null, Token);
        await Storage.DeleteAsync(Call.Name, "a", Token);

        (await Storage.PutAsync(Call.Name, "a", "y"u8.ToArray(), new PutCondition(etag), Token)).Should().BeNull();
    }

    [Fact]
    public async Task Delete_ObjectWithVersions_LeavesNoVersionAndNoMark()
    {
        await Storage.PutAsync(Call.Name, "a", "one"u8.ToArray(), null, Token);
        await Storage.PutAsync(Call.Name, "a", "two"u8.ToArray(), null, Token);

        await Storage.DeleteAsync(Call.Name, "a", Token);
        await Storage.DeleteAsync(Call.Name, "never", Token);

        server.Store.Buckets[Call.Name].Objects.Keys.Should().Equal(BucketOwner.Key);
    }

    [Fact]
    public async Task Delete_CutOffAnywhere_NeverBringsAnOlderVersionToLight()
    {
        for (var (at, wasCut) = (0, true); wasCut; at++)
        {
            await Storage.PutAsync(Call.Name, "a", "one"u8.ToArray(), null, Token);
            await Storage.PutAsync(Call.Name, "a", "two"u8.ToArray(), null, Token);
            var arrived = 0;
            var cut = at;
            server.Disturb = _ => arrived++ >= cut ? new Disturbance.CutBefore() : null;

            wasCut = await Record.ExceptionAsync(() => Storage.DeleteAsync(Call.Name, "a", Token)) is not null;
            server.Disturb = static _ => null;
            var seen = await Storage.GetAsync(Call.Name, "a", Token);

            (seen is null || seen.Content.Span.SequenceEqual("two"u8)).Should().BeTrue($"exchange {at} was the last");
            await Storage.DeleteAsync(Call.Name, "a", Token);
            server.Store.Buckets[Call.Name].Objects.Keys.Should().Equal(BucketOwner.Key);
        }
    }

    [Theory]
    [InlineData("versions", 2)]
    [InlineData("versionId", 1)]
    [InlineData("versionId", 2)]
    public async Task Delete_WriteOverTheMark_Stays(string before, int arrival)
    {
        await Storage.PutAsync(Call.Name, "a", "one"u8.ToArray(), null, Token);
        server.Disturb = r =>
        {
            if (r.Query.ContainsKey(before) && --arrival == 0)
            {
                server.Store.Handle(r with { Method = "PUT", Key = "a", Query = new Dictionary<string, string>(), Headers = new Dictionary<string, string>(), Body = "two"u8.ToArray() });
            }

            return null;
        };

        await Storage.DeleteAsync(Call.Name, "a", Token);

        (await Storage.GetAsync(Call.Name, "a", Token))!.Content.ToArray().Should().Equal("two"u8.ToArray());
    }

    [Fact]
    public async Task Objects_CalledAsTarmaksOwn_AreNotTheMarks()
    {
        await Storage.PutAsync(Call.Name, BucketOwner.Key, "mine"u8.ToArray(), null, Token);

        (await Storage.ListAsync(Call.Name, ".tar", Token)).Should().Equal(BucketOwner.Key);
        (await Storage.ListAsync(Call.Name, "", Token)).Should().Equal(BucketOwner.Key);
        await Storage.DeleteAsync(Call.Name, BucketOwner.Key, Token);
        (await Storage.Buckets.ObserveAsync(Call, Calls.Spec, Token)).Should().BeOfType<StepOutcome.Succeeded>().Which.Observation.InSync.Should().BeTrue();
        (await Storage.ListAsync(Call.Name, "", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Put_KeyThatCannotBe_IsInvalid()
    {
        foreach (var key in new[] { "", "\ud800" })
        {
            var act = () => Storage.PutAsync(Call.Name, key, "x"u8.ToArray(), null, Token);

            (await act.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.InvalidSpec);
        }
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task Put_LongKey_IsTakenUpToTheBound(int length, bool isTaken)
    {
        var failure = await Record.ExceptionAsync(() => Storage.PutAsync(Call.Name, new string('k', length), "x"u8.ToArray(), null, Token));

        (failure is null).Should().Be(isTaken);
    }
}
