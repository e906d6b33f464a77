using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Tarmak.Grains.Storage;
using Tarmak.Model.Manifests;
using Status = Grpc.Core.Status;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>The refusals an operator may get. Each is a google.rpc.Status whose message alone already says everything that fits.</summary>
internal static class Refusal
{
    /// <summary>Type of a violation that consent would lift; its subject is the name to consent with.</summary>
    public const string ConsentType = "CONSENT";

    /// <summary>Type of a violation the provider found before anything was accepted.</summary>
    public const string PreflightType = "PREFLIGHT";

    /// <summary>Type of a violation by what else there is: dependants, a stale resource version, a deletion under way.</summary>
    public const string StateType = "STATE";

    /// <summary>The trailer that holds a refusal as google.rpc.Status.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    // Refusals travel in trailers, and clients bound the size of those.
    private const int MostViolations = 100;
    private const int MostDetailCharacters = 24_000;
    private const int MostMessageCharacters = 4_000;

    public static RpcException InvalidArgument(string sentence) => Make(StatusCode.InvalidArgument, sentence, null);

    public static RpcException NotFound(string sentence) => Make(StatusCode.NotFound, sentence, null);

    public static RpcException Unavailable(string sentence) => Make(StatusCode.Unavailable, sentence, null);

    /// <summary>The engine's database failed; its sentence says what helps.</summary>
    public static RpcException Storage(StorageException failure) => Make(
        failure.Fault == StorageFault.DiskFull ? StatusCode.ResourceExhausted : StatusCode.Unavailable, failure.Message, null);

    /// <summary>A refusal, and beside it what became of each document.</summary>
    public static RpcException With(RpcException refusal, IReadOnlyList<V1.DocumentResult> documents)
    {
        var status = refusal.Trailers.GetValueBytes(DetailsTrailer) is { } present
            ? Google.Rpc.Status.Parser.ParseFrom(present)
            : new Google.Rpc.Status { Code = (int)refusal.StatusCode, Message = refusal.Status.Detail };
        var outcomes = new V1.DocumentOutcomes();
        var size = 0;
        foreach (var document in documents)
        {
            // The one that ended the request must not be missing.
            size += document.CalculateSize();
            if (size <= MostDetailCharacters || document.Sentence.Length > 0)
            {
                outcomes.Documents.Add(document);
            }
        }

        status.Details.Add(Any.Pack(outcomes));
        return new RpcException(refusal.Status, new Metadata { { DetailsTrailer, status.ToByteArray() } });
    }

    public static RpcException Invalid(IReadOnlyList<ManifestProblem> problems)
    {
        var details = new BadRequest();
        details.FieldViolations.AddRange(Fitting(problems, p => p.ToString()).Select(p => new BadRequest.Types.FieldViolation
        {
            Field = p.Path,
            Description = p.ToString(),
        }));
        var left = problems.Count - details.FieldViolations.Count;
        if (left > 0)
        {
            details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Description = $"… and {left} more." });
        }

        return Make(StatusCode.InvalidArgument, string.Join('\n', details.FieldViolations.Select(v => v.Description)), details);
    }

    public static RpcException ConsentNeeded(IReadOnlyList<RequiredConsent> consents)
    {
        var names = string.Join(", ", consents.Select(c => c.Name));
        return Precondition(
            $"Data would be lost: {string.Join(' ', consents.Select(c => c.Reason))} To go on, consent with --allow-data-loss {names}.",
            consents.Select(c => (ConsentType, c.Name, c.Reason)));
    }

    public static RpcException Precondition(string sentence, string type, string subject) =>
        Precondition(sentence, [(type, subject, sentence)]);

    public static RpcException Precondition(string sentence, IEnumerable<(string Type, string Subject, string Sentence)> violations)
    {
        var details = new PreconditionFailure();
        details.Violations.AddRange(Fitting([.. violations], v => v.Sentence).Select(v => new PreconditionFailure.Types.Violation
        {
            Type = v.Type,
            Subject = v.Subject,
            Description = v.Sentence,
        }));
        return Make(StatusCode.FailedPrecondition, sentence, details);
    }

    private static RpcException Make(StatusCode code, string sentence, IMessage? details)
    {
        var message = sentence.Length <= MostMessageCharacters ? sentence : sentence[..MostMessageCharacters] + "…";
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        if (details is not null)
        {
            status.Details.Add(Any.Pack(details));
        }

        return new RpcException(new Status(code, message), new Metadata { { DetailsTrailer, status.ToByteArray() } });
    }

    private static List<T> Fitting<T>(IReadOnlyList<T> items, Func<T, string> text)
    {
        var taken = new List<T>();
        var size = 0;
        foreach (var item in items.Take(MostViolations))
        {
            size += text(item).Length;
            if (taken.Count > 0 && size > MostDetailCharacters)
            {
                break;
            }

            taken.Add(item);
        }

        return taken;
    }
}
