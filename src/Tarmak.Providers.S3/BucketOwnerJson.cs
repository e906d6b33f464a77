using System.Text.Json.Serialization;

namespace Tarmak.Providers.S3;

/// <summary>JSON form of a bucket's owner.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BucketOwner))]
internal sealed partial class BucketOwnerJson : JsonSerializerContext;
