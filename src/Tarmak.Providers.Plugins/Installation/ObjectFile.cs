using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Installation;

/// <summary>The JSON form of a kind of object.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ObjectFile
{
    public string? Kind { get; set; }

    public ObjectMark? Mark { get; set; }

    public UnknownResolution? EnsureResolution { get; set; }

    public double VisibilityBoundSeconds { get; set; }

    public double CallDeadlineSeconds { get; set; } = 60;

    public bool HoldsData { get; set; }

    public bool Shared { get; set; }

    /// <summary>Whether lists of owned objects have the kind.</summary>
    public bool Listed { get; set; }

    /// <summary>The members of the specification whose change is an update; a change of any other makes another object.</summary>
    public ImmutableArray<string> Updates { get; set; } = [];
}
