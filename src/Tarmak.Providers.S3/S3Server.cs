using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Providers.S3;

/// <summary>
/// An S3-compatible server, exchange by exchange, by stored keys. Each has a deadline, and is not tried again behind a
/// driver's back; what has no content may be sent anew by HTTP itself where a connection went away under it, and all of that
/// may happen twice. Answers that a caller decides by are results; the rest are <see cref="ProviderException"/> where
/// certainly nothing changed, and <see cref="ReplyLostException"/> where something may have.
/// </summary>
internal sealed class S3Server : IDisposable
{
    /// <summary>Most that one list tells; S3's own bound.</summary>
    private const int Page = 1000;

    /// <summary>Deadline of an exchange without contents.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Deadline of an exchange with an object's content.</summary>
    private static readonly TimeSpan TransferPatience = TimeSpan.FromMinutes(2);

    private readonly AmazonS3Client client;
    private readonly S3Faults faults;
    private readonly TimeProvider time;

    public S3Server(S3Options options, TimeProvider time)
    {
        this.time = time;
        Shown = options.Shown;
        Key = new AccessKey(options);
        faults = new S3Faults(Shown);
        client = new AmazonS3Client(Key, new AmazonS3Config
        {
            ServiceURL = options.Server.GetLeftPart(UriPartial.Authority),
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            IgnoreConfiguredEndpointUrls = true,
            AllowAutoRedirect = false,
            Timeout = Timeout.InfiniteTimeSpan,

            // A machine decides about trying again, and says so.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,

            // Checksums beyond the signed hash of the content are not known to every server.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <summary>Where it is, for people.</summary>
    public string Shown { get; }

    /// <summary>The key requests are signed with.</summary>
    public AccessKey Key { get; }

    /// <summary>Asks for the account's buckets, which changes nothing.</summary>
    public Task<int> CountBucketsAsync(CancellationToken cancellationToken) => ExchangeAsync("Listing buckets", false, Patience, async t =>
        (await client.ListBucketsAsync(new ListBucketsRequest(), t).ConfigureAwait(false)).Buckets?.Count ?? 0, cancellationToken);

    /// <summary>Makes a bucket; one that is this account's already is left as it is.</summary>
    public Task<Creation> CreateBucketAsync(string bucket, CancellationToken cancellationToken) => ExchangeAsync($"Making bucket {bucket}", true, Patience, async t =>
    {
        try
        {
            await client.PutBucketAsync(new PutBucketRequest { BucketName = bucket, UseClientRegion = true }, t).ConfigureAwait(false);
            return Creation.Own;
        }
        catch (AmazonS3Exception there) when (S3Faults.Is(there, "BucketAlreadyOwnedByYou"))
        {
            return Creation.Own;
        }
        catch (AmazonS3Exception there) when (S3Faults.Is(there, "BucketAlreadyExists"))
        {
            return Creation.Taken;
        }
    }, cancellationToken);

    /// <summary>Has a bucket keep the versions of its objects, where the server does such a thing.</summary>
    public Task KeepVersionsAsync(string bucket, CancellationToken cancellationToken) => ExchangeAsync($"Switching on versions of bucket {bucket}", true, Patience, async t =>
    {
        try
        {
            await client.PutBucketVersioningAsync(
                new PutBucketVersioningRequest { BucketName = bucket, VersioningConfig = new S3BucketVersioningConfig { Status = VersionStatus.Enabled } }, t).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception unknown) when (S3Faults.IsNotOffered(unknown))
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>Deletes a bucket that is empty; absent is success.</summary>
    /// <returns>Whether it is gone; false where something is in it.</returns>
    public Task<bool> DeleteBucketAsync(string bucket, CancellationToken cancellationToken) => ExchangeAsync($"Deleting bucket {bucket}", true, Patience, async t =>
    {
        try
        {
            await client.DeleteBucketAsync(new DeleteBucketRequest { BucketName = bucket }, t).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception gone) when (S3Faults.Is(gone, "NoSuchBucket"))
        {
            return true;
        }
        catch (AmazonS3Exception full) when (S3Faults.Is(full, "BucketNotEmpty"))
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>Reads an object; null where the bucket has none of the key.</summary>
    public Task<StoredObject?> ReadAsync(string bucket, string key, CancellationToken cancellationToken) => ExchangeAsync<StoredObject?>($"Reading object {key} of bucket {bucket}", false, TransferPatience, async t =>
    {
        try
        {
            using var found = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key }, t).ConfigureAwait(false);
            using var content = new MemoryStream();
            await found.ResponseStream.CopyToAsync(content, t).ConfigureAwait(false);
            return new StoredObject(content.ToArray(), Plain(found.ETag));
        }
        catch (AmazonS3Exception absent) when (S3Faults.Is(absent, "NoSuchKey"))
        {
            return null;
        }
    }, cancellationToken);

    /// <summary>Writes an object.</summary>
    public Task<PutOutcome> WriteAsync(
        string bucket, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) => ExchangeAsync<PutOutcome>($"Writing object {key} of bucket {bucket}", true, TransferPatience, async t =>
    {
        try
        {
            using var body = new MemoryStream(content.ToArray(), writable: false);
            var stored = await client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = body,
                ContentType = "application/octet-stream",
                IfNoneMatch = condition is { IfMatch: null } ? "*" : null,
                IfMatch = condition?.IfMatch is { } etag ? $"\"{etag}\"" : null,

                // The signature then covers the whole content, in a form every server knows.
                UseChunkEncoding = false,
            }, t).ConfigureAwait(false);
            return new PutOutcome.Stored(Plain(stored.ETag));
        }
        catch (AmazonS3Exception unmet) when (condition is not null && S3Faults.Is(unmet, "PreconditionFailed"))
        {
            return new PutOutcome.Refused();
        }
        catch (AmazonS3Exception absent) when (condition?.IfMatch is not null && S3Faults.Is(absent, "NoSuchKey"))
        {
            return new PutOutcome.Refused();
        }
        catch (AmazonS3Exception crossed) when (condition is not null && S3Faults.Is(crossed, "ConditionalRequestConflict", "OperationAborted"))
        {
            return new PutOutcome.Crossed();
        }
        catch (AmazonS3Exception unknown) when (condition is not null && S3Faults.IsNotOffered(unknown))
        {
            return new PutOutcome.NotOffered();
        }
    }, cancellationToken);

    /// <summary>Stored keys with a prefix, all of them.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string bucket, string prefix, CancellationToken cancellationToken)
    {
        List<string> keys = [];
        string? next = null;
        do
        {
            var token = next;
            var page = await ExchangeAsync($"Listing bucket {bucket}", false, Patience, t => client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, ContinuationToken = token, MaxKeys = Page }, t), cancellationToken).ConfigureAwait(false);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key));
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);

        return keys;
    }

    /// <summary>
    /// All versions of stored keys with a prefix, page by page, marks of deletions among them. Where the server keeps none,
    /// its objects.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<ObjectVersion>> VersionsAsync(
        string bucket, string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string? Key, string? Id) next = (null, null);
        do
        {
            var from = next;
            var page = await ExchangeAsync($"Listing versions of bucket {bucket}", false, Patience, async t =>
            {
                try
                {
                    return await client.ListVersionsAsync(
                        new ListVersionsRequest { BucketName = bucket, Prefix = prefix, KeyMarker = from.Key, VersionIdMarker = from.Id, MaxKeys = Page }, t).ConfigureAwait(false);
                }
                catch (AmazonS3Exception unknown) when (S3Faults.IsNotOffered(unknown))
                {
                    return null;
                }
            }, cancellationToken).ConfigureAwait(false);
            if (page is null)
            {
                yield return [.. (await KeysAsync(bucket, prefix, cancellationToken).ConfigureAwait(false)).Select(k => new ObjectVersion(k, null))];
                yield break;
            }

            yield return [.. (page.Versions ?? []).Select(v => new ObjectVersion(v.Key, v.VersionId, v.IsLatest == true))];
            next = page.IsTruncated == true ? (page.NextKeyMarker, page.NextVersionIdMarker) : (null, null);
        }
        while (next.Key is not null);
    }

    /// <summary>Deletes an object as readers see it; where versions are kept, by a mark over them.</summary>
    /// <returns>The mark's version; null where the object itself is gone.</returns>
    public Task<string?> DeleteAsync(string bucket, string key, CancellationToken cancellationToken) => ExchangeAsync($"Deleting object {key} of bucket {bucket}", true, Patience, async t =>
    {
        var gone = await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, t).ConfigureAwait(false);
        return gone.DeleteMarker is { } mark && mark == "true" ? gone.VersionId : null;
    }, cancellationToken);

    /// <summary>Deletes one version for good; absent is success.</summary>
    public Task DeleteAsync(string bucket, ObjectVersion version, CancellationToken cancellationToken) => ExchangeAsync($"Deleting object {version.Key} of bucket {bucket}", true, Patience, async t =>
    {
        try
        {
            await client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = version.Key, VersionId = version.Id }, t).ConfigureAwait(false);
        }
        catch (AmazonS3Exception absent) when (S3Faults.Is(absent, "NoSuchKey", "NoSuchVersion"))
        {
            // Another process was first.
        }

        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    // Entity tags are quoted on the way, and nowhere else.
    private static string Plain(string etag) => etag.Trim('"');

    private async Task<T> ExchangeAsync<T>(string what, bool changes, TimeSpan patience, Func<CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var span = ProviderCalls.Start($"{what} at {Shown}");
        using var late = new CancellationTokenSource(patience, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await exchange(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or ProviderException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var translated = faults.Translate(fault, what, changes);
            ProviderCalls.Fail(span, translated is ProviderException { Error: var error } ? error.ToString() : "Unknown", translated.Message);
            throw translated;
        }
    }
}
