using System.Text.Json.Serialization;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Calls;

/// <summary>The JSON of calls and of changes, between processes and in the log.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(CloudRequest))]
[JsonSerializable(typeof(CloudReply))]
[JsonSerializable(typeof(OwnerMarks))]
[JsonSerializable(typeof(AccountChange))]
internal sealed partial class CloudJson : JsonSerializerContext;
