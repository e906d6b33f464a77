using System.Globalization;
using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.S3;

/// <summary>What a server answers, and what becomes of a call without an answer, in the contract's classes. Nothing else translates.</summary>
/// <param name="shown">The server, for people.</param>
internal sealed class S3Faults(string shown)
{
    // So a server says that it was in no state to take the request.
    private static readonly HashSet<string> Busy = new(StringComparer.Ordinal)
    {
        "SlowDown", "SlowDownRead", "SlowDownWrite", "Throttling", "ThrottlingException", "RequestLimitExceeded", "RequestThrottled", "TooManyRequests", "BandwidthLimitExceeded",
    };

    /// <summary>A fault as the contract has it.</summary>
    /// <param name="fault">What the library threw.</param>
    /// <param name="what">What was tried on what: <c>Writing object a of bucket b</c>.</param>
    /// <param name="changes">Whether it would have changed something.</param>
    /// <returns>A <see cref="ProviderException"/> where nothing was changed for certain, else a <see cref="ReplyLostException"/>.</returns>
    public Exception Translate(Exception fault, string what, bool changes) => fault switch
    {
        ProviderException => fault,
        AmazonS3Exception answered when ClassOf(answered) is { } error => new ProviderException(error, $"{what}: {Sentence(answered, error)}", answered),
        _ when fault.Chain().OfType<ProviderException>().FirstOrDefault() is { } refused => refused,
        _ when IsUnsent(fault) is { } reason => new ProviderException(
            fault.Chain().OfType<AuthenticationException>().Any() ? ErrorClass.Terminal : ErrorClass.Transient, $"{what}: {reason}", fault),
        _ when changes => new ReplyLostException($"{what}: the answer of S3 server {shown} was lost, so it may have been done.", fault),
        _ => new ProviderException(ErrorClass.Transient, $"{what}: S3 server {shown} gave no whole answer; see that it runs.", fault),
    };

    /// <summary>Whether an answer carries one of these codes.</summary>
    public static bool Is(AmazonServiceException answered, params ReadOnlySpan<string> codes) => codes.Contains(answered.ErrorCode);

    /// <summary>Whether the server says that it does not know the request at all.</summary>
    public static bool IsNotOffered(AmazonServiceException answered) =>
        answered.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed || Is(answered, "NotImplemented", "MethodNotAllowed");

    private static ErrorClass? ClassOf(AmazonS3Exception answered) => (answered.ErrorCode, (int)answered.StatusCode) switch
    {
        ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "RequestTimeTooSkewed" or "InvalidSecurity" or "CredentialsNotSupported", _) => ErrorClass.Unauthenticated,
        ("AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" or "InvalidLocationConstraint" or "InvalidRegionName", _) => ErrorClass.InvalidSpec,
        ("NoSuchBucket" or "NoSuchKey" or "NoSuchVersion", _) => ErrorClass.NotFound,
        ("BucketAlreadyExists" or "BucketAlreadyOwnedByYou" or "BucketNotEmpty", _) => ErrorClass.Conflict,
        ("OperationAborted" or "ConditionalRequestConflict" or "RequestTimeout" or "BadDigest" or "IncompleteBody", _) => ErrorClass.Transient,
        ("TooManyBuckets" or "QuotaExceeded" or "ServiceQuotaExceeded" or "XMinioAdminBucketQuotaExceeded", _) => ErrorClass.QuotaExceeded,
        ("XMinioStorageFull" or "StorageFull", _) or (_, 507) => ErrorClass.ResourcesDepleted,
        (var code, 429) => Class(code, ErrorClass.RateLimited),
        (var code, _) when code is not null && Busy.Contains(code) => ErrorClass.RateLimited,
        (_, 401) => ErrorClass.Unauthenticated,
        (_, 403) => ErrorClass.Unauthorized,
        (_, 404) => ErrorClass.NotFound,
        (_, 409) => ErrorClass.Conflict,
        (_, 501 or 405) => ErrorClass.Terminal,
        (_, 503) => ErrorClass.Transient,
        (_, >= 300 and < 500) => ErrorClass.InvalidSpec,

        // A server that failed within may have done it first.
        _ => null,
    };

    private static ErrorClass Class(string? code, ErrorClass otherwise) => code is "QuotaExceeded" ? ErrorClass.QuotaExceeded : otherwise;

    private string Sentence(AmazonS3Exception answered, ErrorClass error) => error switch
    {
        ErrorClass.Unauthenticated when answered.ErrorCode == "RequestTimeTooSkewed" => $"the clocks of this machine and of S3 server {shown} differ too much; set them right.",
        ErrorClass.Unauthenticated => $"S3 server {shown} does not take the access key ({Code(answered)}); compare key and secret with what credentialsFrom names.",
        ErrorClass.Unauthorized => $"S3 server {shown} does not let the access key do it ({Code(answered)}); permit it there.",
        ErrorClass.RateLimited => $"S3 server {shown} asks for fewer requests ({Code(answered)}).",
        ErrorClass.QuotaExceeded => $"the account's limit at S3 server {shown} is reached ({Code(answered)}); raise it, or remove what is not needed.",
        ErrorClass.ResourcesDepleted => $"S3 server {shown} is out of room ({Code(answered)}).",
        ErrorClass.InvalidSpec when answered.ErrorCode is "AuthorizationHeaderMalformed" or "PermanentRedirect" or "IllegalLocationConstraintException" or "InvalidLocationConstraint" or "InvalidRegionName" =>
            $"S3 server {shown} is of another region, or the bucket is ({Code(answered)}); name the right one in spec.region.",
        ErrorClass.NotFound when answered.ErrorCode == "NoSuchBucket" => $"S3 server {shown} has no such bucket.",
        ErrorClass.Terminal => $"S3 server {shown} does not offer it ({Code(answered)}).",
        _ => $"S3 server {shown} answers {Code(answered)}.",
    };

    private static string Code(AmazonS3Exception answered) =>
        string.IsNullOrEmpty(answered.ErrorCode) ? string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answered.StatusCode}") : answered.ErrorCode;

    /// <summary>Why nothing was sent; null where something may have been.</summary>
    private string? IsUnsent(Exception fault) => fault.Chain().OfType<HttpRequestException>().FirstOrDefault()?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the host name of S3 server {shown} is not found; see spec.server.",
        HttpRequestError.ConnectionError => $"S3 server {shown} is not reached; see that it runs and that spec.server is its address.",
        HttpRequestError.SecureConnectionError => $"no secure connection to S3 server {shown} can be made; its certificate must be valid, name the server, and come from an authority this machine trusts.",
        HttpRequestError.ProxyTunnelError => $"the proxy does not lead to S3 server {shown}.",
        _ => null,
    };
}
