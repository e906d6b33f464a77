using System.Text.Json;
using System.Text.Json.Serialization;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Drivers;

/// <summary>What is written beside an object that cannot carry marks itself.</summary>
/// <param name="Marks">Its marks.</param>
/// <param name="Incarnation">Its incarnation.</param>
internal sealed record Companion(OwnerMarks Marks, int Incarnation)
{
    /// <summary>Version of the record it was read from.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    public static string KeyOf(string kind, string name) => $"{kind}/{name}";

    public static Companion Of(CloudRecord record) =>
        JsonSerializer.Deserialize(record.Value.Span, CompanionJson.Default.Companion)! with { Version = record.Version };

    /// <summary>The call that reads it.</summary>
    public static CloudRequest Reading(string kind, string name) => new(CloudMethod.ReadRecord, CloudRequest.Companions) { Name = KeyOf(kind, name) };

    public bool IsOf(ResourceCall call) => Marks.Uid == call.Marks.Uid && Marks.Installation == call.Marks.Installation && Incarnation == call.Incarnation;

    /// <summary>Reads it; null where there is none.</summary>
    public static async Task<Companion?> ReadAsync(ICloud cloud, string kind, string name, CancellationToken cancellationToken)
    {
        var reply = await cloud.AskAsync(Reading(kind, name), cancellationToken).ConfigureAwait(false);
        return reply.Records is [var record] ? Of(record) : null;
    }

    /// <summary>Writes it before the object is made, unless it is somebody else's.</summary>
    /// <exception cref="RefusedException">It is somebody else's, or another wrote it at the same time.</exception>
    public static async Task ClaimAsync(ICloud cloud, string kind, string name, ResourceCall call, CancellationToken cancellationToken)
    {
        var request = new CloudRequest(CloudMethod.CreateRecord, CloudRequest.Companions)
        {
            Name = KeyOf(kind, name),
            Content = JsonSerializer.SerializeToUtf8Bytes(new Companion(call.Marks, call.Incarnation), CompanionJson.Default.Companion),
        };
        var reply = await cloud.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (reply.Held || Of(reply.Records[0]) is not { } there || there.IsOf(call))
        {
            return;
        }

        if (there.Marks.Uid != call.Marks.Uid || there.Marks.Installation != call.Marks.Installation || there.Incarnation > call.Incarnation)
        {
            throw new RefusedException(new CloudRefusal(
                ErrorClass.Conflict, $"Making {kind} {name}: its name is {there.Marks.Owner}'s, of installation {there.Marks.Installation}; rename one.", NameTaken: false));
        }

        // Its predecessor was known to be gone before this incarnation began.
        reply = await cloud.AskAsync(request with { Method = CloudMethod.SetRecord, Version = there.Version }, cancellationToken).ConfigureAwait(false);
        if (!reply.Held)
        {
            throw new RefusedException(new CloudRefusal(ErrorClass.Transient, $"Making {kind} {name}: its companion was written by another at the same time.", NameTaken: false));
        }
    }

    /// <summary>Removes whatever is beside an object that went along with another.</summary>
    public static Task RemoveAsync(ICloud cloud, string kind, string name, CancellationToken cancellationToken) => cloud.AskAsync(
        new CloudRequest(CloudMethod.DeleteRecord, CloudRequest.Companions) { Name = KeyOf(kind, name) }, cancellationToken);

    /// <summary>Removes it after the object is gone, if nobody wrote it meanwhile.</summary>
    public Task ReleaseAsync(ICloud cloud, string kind, string name, CancellationToken cancellationToken) => cloud.AskAsync(
        new CloudRequest(CloudMethod.DeleteRecord, CloudRequest.Companions) { Name = KeyOf(kind, name), Version = Version }, cancellationToken);
}

/// <summary>JSON of companions.</summary>
[JsonSerializable(typeof(Companion))]
internal sealed partial class CompanionJson : JsonSerializerContext;
