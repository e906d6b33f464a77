using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>The JSON form of a capability's part of the sheet. What is particular to one capability is ignored by the others.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record CapabilityFile
{
    public string? Capability { get; set; }

    public ImmutableArray<ObjectFile> Objects { get; set; } = [];

    public ImmutableArray<RequirementFile> Requirements { get; set; } = [];

    public ImmutableArray<string> Limitations { get; set; } = [];

    public ImmutableArray<string> Sizes { get; set; } = [];

    public bool TakesOwnTypes { get; set; }

    public int MostZones { get; set; } = 1;

    public bool HasSpot { get; set; }

    public bool HasRootVolumes { get; set; }

    public string? ReachableFrom { get; set; }

    public ImmutableArray<string> Classes { get; set; } = [];

    public bool IsZonal { get; set; }

    public bool NeedsEdge { get; set; }

    public bool MakesZones { get; set; } = true;

    public bool TakesNamedImages { get; set; }
}
