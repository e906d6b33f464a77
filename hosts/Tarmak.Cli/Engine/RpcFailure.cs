using System.Net.Sockets;
using Google.Rpc;
using Grpc.Core;

namespace Tarmak.Cli.Engine;

/// <summary>Says in one sentence why a call to the engine failed.</summary>
internal static class RpcFailure
{
    private const string Details = "grpc-status-details-bin";

    /// <summary>Of a refusal that consent would lift: the type of its violations, whose subjects are the names to consent with.</summary>
    public const string ConsentType = "CONSENT";

    /// <summary>The failure that a google.rpc.Status tells of, as a call would have met it.</summary>
    /// <param name="status">The status, serialised.</param>
    public static RpcException From(byte[] status)
    {
        var told = Google.Rpc.Status.Parser.ParseFrom(status);
        return new RpcException(new Grpc.Core.Status((StatusCode)told.Code, told.Message), new Metadata { { Details, status } });
    }

    /// <summary>Whether the engine could not be reached, so that trying again makes sense.</summary>
    /// <param name="failure">The failure.</param>
    public static bool IsLostConnection(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.Unavailable => true,
        StatusCode.Internal or StatusCode.Unknown or StatusCode.Cancelled => failure.Status.DebugException is HttpRequestException or IOException or SocketException,
        _ => false,
    };

    /// <summary>Whether a command that failed may have been accepted all the same: the engine was reached, and its answer was not.</summary>
    /// <param name="failure">The failure.</param>
    public static bool MayHaveBeenAccepted(RpcException failure) =>
        (failure.StatusCode == StatusCode.DeadlineExceeded || IsLostConnection(failure))
        && SocketErrorOf(failure) is not (SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.AccessDenied);

    /// <summary>What became of each document of a command that ended midway; empty where it did not.</summary>
    /// <param name="failure">The failure.</param>
    public static IReadOnlyList<DocumentResult> Documents(RpcException failure) =>
    [
        .. DetailsOf(failure)
            .Where(d => d.TypeUrl.EndsWith("/" + DocumentOutcomes.Descriptor.FullName, StringComparison.Ordinal))
            .SelectMany(d => DocumentOutcomes.Parser.ParseFrom(d.Value).Documents),
    ];

    /// <summary>What has to be consented to before the engine accepts; empty when the refusal is another.</summary>
    /// <param name="failure">The failure.</param>
    public static IReadOnlyList<ConsentNeeded> Consents(RpcException failure)
    {
        if (failure.StatusCode != StatusCode.FailedPrecondition)
        {
            return [];
        }

        return [.. DetailsOf(failure)
            .Where(d => d.TypeUrl.EndsWith("/google.rpc.PreconditionFailure", StringComparison.Ordinal))
            .SelectMany(d => PreconditionFailure.Parser.ParseFrom(d.Value).Violations)
            .Where(v => v.Type == ConsentType)
            .Select(v => new ConsentNeeded(v.Subject, v.Description))];
    }

    /// <summary>The end of a command that this failure means.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="home">The engine's home.</param>
    public static CliException Explain(RpcException failure, EngineHome home)
    {
        var detail = Sentence(failure.Status.Detail);
        return failure.StatusCode switch
        {
            StatusCode.InvalidArgument => Invalid(failure),
            StatusCode.Unavailable or StatusCode.Internal when SocketErrorOf(failure) is { } error => Unreachable(error, home),
            StatusCode.Unavailable when failure.Status.DebugException is null && detail.Length > 0 => new CliException(detail),
            StatusCode.Unavailable => new CliException($"The engine broke off the call; {home.Log} says why."),
            StatusCode.DeadlineExceeded => new CliException($"The engine did not answer in time; {home.Log} may say why."),
            StatusCode.Unimplemented => new CliException("The engine is older than this command line; `tarmak down` and `tarmak up` start the new one."),
            StatusCode.Internal or StatusCode.Unknown => new CliException($"The engine failed at this: {detail} {home.Log} says more."),
            _ => new CliException(detail.Length > 0 ? detail : $"The engine refused this ({failure.StatusCode})."),
        };
    }

    private static CliException Invalid(RpcException failure)
    {
        var fields = DetailsOf(failure)
            .Where(d => d.TypeUrl.EndsWith("/google.rpc.BadRequest", StringComparison.Ordinal))
            .SelectMany(d => BadRequest.Parser.ParseFrom(d.Value).FieldViolations)
            .Select(v => v.Description.Length > 0 && v.Field.Length > 0 && !v.Description.Contains(v.Field, StringComparison.Ordinal)
                ? $"{v.Field}: {v.Description}"
                : v.Description)
            .ToList();
        return fields.Count > 0
            ? new CliException(string.Join('\n', fields), ExitCode.Usage) { Bare = true }
            : new CliException(Sentence(failure.Status.Detail), ExitCode.Usage);
    }

    private static CliException Unreachable(SocketError error, EngineHome home) => error switch
    {
        SocketError.AccessDenied => new CliException($"The engine's socket {home.Socket} belongs to another user; run as its owner, or set TARMAK_HOME."),
        _ => new CliException("No engine runs; `tarmak up` starts it."),
    };

    private static SocketError? SocketErrorOf(RpcException failure)
    {
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }

    private static Google.Protobuf.Collections.RepeatedField<Google.Protobuf.WellKnownTypes.Any> DetailsOf(RpcException failure)
    {
        var entry = failure.Trailers.FirstOrDefault(t => t.Key == Details);
        return entry is null ? [] : Google.Rpc.Status.Parser.ParseFrom(entry.ValueBytes).Details;
    }

    private static string Sentence(string detail) => Output.PlainText.Of(detail);
}
