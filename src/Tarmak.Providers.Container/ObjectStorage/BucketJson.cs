using System.Text.Json.Serialization;

namespace Tarmak.Providers.Container.ObjectStorage;

/// <summary>JSON form of a bucket's marks.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BucketJson : JsonSerializerContext;
