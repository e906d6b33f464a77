using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tarmak.Model.Resources;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>A group as it is recorded. A machine's label says which group it is in.</summary>
internal sealed record FirewallGroup
{
    /// <summary>The form in which this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The form in which it was written.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Whose the group is.</summary>
    public required RecordedOwner Mark { get; init; }

    /// <summary>Its parameters.</summary>
    public required FirewallGroupSpec Spec { get; init; }

    /// <summary>Number of what is to be in force, from 1; it rises with every change, so that a machine can tell a later one.</summary>
    public required int Version { get; init; }

    /// <summary>Its rules; null: closed.</summary>
    public RecordedRules? Rules { get; init; }
}

/// <summary>A group's rules as they are recorded.</summary>
/// <param name="Mark">Whose they are.</param>
/// <param name="Rules">What is open.</param>
internal sealed record RecordedRules(RecordedOwner Mark, ImmutableArray<FirewallRule> Rules);

/// <summary>JSON form of <see cref="FirewallGroup"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FirewallGroup))]
internal sealed partial class FirewallJson : JsonSerializerContext;
