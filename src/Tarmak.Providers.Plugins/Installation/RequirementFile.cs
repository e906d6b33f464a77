using System.Text.Json.Serialization;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>The JSON form of a requirement.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RequirementFile
{
    public RequirementKind Kind { get; set; }

    public string? Name { get; set; }

    public string? Reason { get; set; }
}
