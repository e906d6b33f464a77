using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>The JSON form of a requirement sheet.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record SheetFile
{
    public string? Summary { get; set; }

    public ImmutableArray<RequirementFile> Requirements { get; set; } = [];

    public ImmutableArray<CapabilityFile> Capabilities { get; set; } = [];

    public ImmutableArray<string> Settings { get; set; } = [];

    public ImmutableArray<string> RequiredSettings { get; set; } = [];

    public ImmutableArray<string> Locations { get; set; } = [];
}
