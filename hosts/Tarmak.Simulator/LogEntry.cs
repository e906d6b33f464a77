using System.Text.Json.Serialization;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Simulator;

/// <summary>One line of the log.</summary>
/// <param name="Account">The account.</param>
/// <param name="Change">What became of it.</param>
internal sealed record LogEntry(string Account, AccountChange Change);

/// <summary>JSON of lines.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(LogEntry))]
internal sealed partial class LogJson : JsonSerializerContext;
