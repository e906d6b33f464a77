using System.Text.Json;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3;

/// <summary>
/// The object in a bucket that says whose it is: not every server has tags of buckets. It is written last, on the condition
/// that there is none, so that a bucket with it is made to its end.
/// </summary>
/// <param name="Marks">The owner.</param>
/// <param name="Incarnation">Which object in the line of replacements.</param>
internal sealed record BucketOwner(OwnerMarks Marks, int Incarnation)
{
    /// <summary>Its stored key.</summary>
    public const string Key = ObjectKeys.Own + "owner.json";

    public static BucketOwner Of(ResourceCall call) => new(call.Marks, call.Incarnation);

    public bool IsThis(ResourceCall call) =>
        Marks.Installation == call.Marks.Installation && Marks.Uid == call.Marks.Uid && Incarnation == call.Incarnation;

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, BucketOwnerJson.Default.BucketOwner);

    /// <summary>Reads the object; null where it is none of Tarmak's.</summary>
    public static BucketOwner? Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, BucketOwnerJson.Default.BucketOwner) is { Marks: not null } owner ? owner : null;
        }
        catch (JsonException)
        {
            // Somebody's own object of that name; to the caller it is a foreign mark.
            return null;
        }
    }
}
