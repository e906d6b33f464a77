using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tarmak.Providers.S3.Tests.Server;

/// <summary>Buckets and objects by the S3 protocol, one request at a time.</summary>
internal sealed partial class S3Store
{
    private readonly Lock gate = new();

    /// <summary>Whether writes hold their conditions.</summary>
    public bool HoldsConditions { get; set; } = true;

    /// <summary>Whether conditions are refused as not known.</summary>
    public bool RefusesConditions { get; set; }

    /// <summary>Whether buckets can keep versions.</summary>
    public bool KeepsVersions { get; set; } = true;

    /// <summary>Most buckets there may be.</summary>
    public int MostBuckets { get; set; } = int.MaxValue;

    /// <summary>Whether accounts may list their buckets.</summary>
    public bool ListsBuckets { get; set; } = true;

    /// <summary>Most that one list tells.</summary>
    public int Page { get; set; } = 7;

    public Dictionary<string, StoredBucket> Buckets { get; } = new(StringComparer.Ordinal);

    public S3Answer Handle(S3Request request)
    {
        lock (gate)
        {
            return request switch
            {
                { Bucket: "" } => ListBuckets(request),
                { Key: "", Method: "PUT" } when !request.Query.ContainsKey("versioning") => CreateBucket(request),
                _ when !Buckets.TryGetValue(request.Bucket, out _) => S3Answer.Error(404, "NoSuchBucket"),
                _ when Buckets[request.Bucket].Account != request.Account => S3Answer.Error(403, "AccessDenied"),
                { Key: "" } => OfBucket(request, Buckets[request.Bucket]),
                _ => OfObject(request, Buckets[request.Bucket]),
            };
        }
    }

    private S3Answer ListBuckets(S3Request request) => ListsBuckets
        ? S3Answer.Xml(new XElement("ListAllMyBucketsResult", new XElement("Buckets", Buckets.Where(b => b.Value.Account == request.Account).Select(b => new XElement("Bucket", new XElement("Name", b.Key))))))
        : S3Answer.Error(403, "AccessDenied");

    private S3Answer CreateBucket(S3Request request)
    {
        if (Buckets.TryGetValue(request.Bucket, out var there))
        {
            return S3Answer.Error(409, there.Account == request.Account ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists");
        }

        if (!BucketPattern().IsMatch(request.Bucket) || Buckets.Count >= MostBuckets)
        {
            return S3Answer.Error(400, Buckets.Count >= MostBuckets ? "TooManyBuckets" : "InvalidBucketName");
        }

        Buckets[request.Bucket] = new StoredBucket(request.Account);
        return S3Answer.Done();
    }

    private S3Answer OfBucket(S3Request request, StoredBucket bucket)
    {
        switch (request.Method)
        {
            case "PUT":
                bucket.KeepsVersions |= KeepsVersions;
                return KeepsVersions ? S3Answer.Done() : S3Answer.Error(501, "NotImplemented");
            case "DELETE" when bucket.Objects.Count > 0:
                return S3Answer.Error(409, "BucketNotEmpty");
            case "DELETE":
                Buckets.Remove(request.Bucket);
                return S3Answer.Done(204);
            case "GET" when request.Query.ContainsKey("versions"):
                return KeepsVersions ? ListVersions(request, bucket) : S3Answer.Error(501, "NotImplemented");
            case "GET":
                return ListObjects(request, bucket);
            default:
                return S3Answer.Error(405, "MethodNotAllowed");
        }
    }

    private S3Answer ListObjects(S3Request request, StoredBucket bucket)
    {
        var after = request.Query.GetValueOrDefault("continuation-token") ?? "";
        var keys = bucket.Objects.Where(o => o.Value[0].Content is not null && Follows(o.Key, request, after)).Select(o => o.Key).ToList();
        var page = keys.Take(PageOf(request)).ToList();
        return S3Answer.Xml(new XElement("ListBucketResult",
            new XElement("IsTruncated", page.Count < keys.Count),
            page.Count < keys.Count ? new XElement("NextContinuationToken", page[^1]) : null,
            page.Select(k => new XElement("Contents", new XElement("Key", k), new XElement("ETag", bucket.Objects[k][0].ETag)))));
    }

    private S3Answer ListVersions(S3Request request, StoredBucket bucket)
    {
        var (key, id) = (request.Query.GetValueOrDefault("key-marker") ?? "", request.Query.GetValueOrDefault("version-id-marker"));
        var versions = bucket.Objects.Where(o => Follows(o.Key, request, "")).SelectMany(o => o.Value.Select(v => (o.Key, Version: v, IsNewest: v == o.Value[0])))
            .SkipWhile(v => key.Length > 0 && (v.Key, v.Version.Id) != (key, id)).Skip(key.Length > 0 ? 1 : 0).ToList();
        var page = versions.Take(PageOf(request)).ToList();
        var isTruncated = page.Count < versions.Count;
        return S3Answer.Xml(new XElement("ListVersionsResult",
            new XElement("IsTruncated", isTruncated),
            isTruncated ? new XElement("NextKeyMarker", page[^1].Key) : null,
            isTruncated ? new XElement("NextVersionIdMarker", page[^1].Version.Id) : null,
            page.Select(v => new XElement(
                v.Version.Content is null ? "DeleteMarker" : "Version",
                new XElement("Key", v.Key), new XElement("VersionId", v.Version.Id), new XElement("IsLatest", v.IsNewest)))));
    }

    private S3Answer OfObject(S3Request request, StoredBucket bucket)
    {
        var versions = bucket.Objects.GetValueOrDefault(request.Key) ?? [];
        var newest = versions is [{ Content: not null } first, ..] ? first : null;
        switch (request.Method)
        {
            case "GET":
                return newest is null ? S3Answer.Error(404, "NoSuchKey") : new S3Answer(200, newest.Content!) { Headers = { ["ETag"] = newest.ETag } };
            case "PUT" when Obstacle(request, newest) is { } obstacle:
                return obstacle;
            case "PUT":
                var written = Add(request, bucket, request.Body);
                return S3Answer.Done() with { Headers = new() { ["ETag"] = written.ETag } };
            case "DELETE" when request.Query.TryGetValue("versionId", out var id):
                if (versions.RemoveAll(v => v.Id == id) > 0 && versions.Count == 0)
                {
                    bucket.Objects.Remove(request.Key);
                }

                return S3Answer.Done(204);
            case "DELETE" when bucket.KeepsVersions:
                return S3Answer.Done(204) with { Headers = new() { ["x-amz-delete-marker"] = "true", ["x-amz-version-id"] = Add(request, bucket, null).Id } };
            case "DELETE":
                bucket.Objects.Remove(request.Key);
                return S3Answer.Done(204);
            default:
                return S3Answer.Error(405, "MethodNotAllowed");
        }
    }

    private S3Answer? Obstacle(S3Request request, StoredVersion? newest)
    {
        var isAbsentWanted = request.Headers.ContainsKey("If-None-Match");
        var wanted = request.Headers.GetValueOrDefault("If-Match");
        return (isAbsentWanted || wanted is not null) switch
        {
            false => null,
            true when RefusesConditions => S3Answer.Error(501, "NotImplemented"),
            true when !HoldsConditions => null,
            true when isAbsentWanted => newest is null ? null : S3Answer.Error(412, "PreconditionFailed"),
            _ => newest is null ? S3Answer.Error(404, "NoSuchKey") : newest.ETag == wanted ? null : S3Answer.Error(412, "PreconditionFailed"),
        };
    }

    private static StoredVersion Add(S3Request request, StoredBucket bucket, byte[]? content)
    {
        var version = new StoredVersion(bucket.KeepsVersions ? Guid.NewGuid().ToString("N") : "null", content);
        if (!bucket.KeepsVersions || !bucket.Objects.TryGetValue(request.Key, out var versions))
        {
            bucket.Objects[request.Key] = versions = [];
        }

        versions.Insert(0, version);
        return version;
    }

    private static bool Follows(string key, S3Request request, string after) =>
        key.StartsWith(request.Query.GetValueOrDefault("prefix") ?? "", StringComparison.Ordinal) && string.CompareOrdinal(key, after) > 0;

    private int PageOf(S3Request request) => Math.Min(Page, int.Parse(request.Query.GetValueOrDefault("max-keys") ?? "1000", CultureInfo.InvariantCulture));

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$")]
    private static partial Regex BucketPattern();
}
