using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;

namespace Tarmak.Providers.Simulated.Profiles;

/// <summary>What sort of cloud is simulated, as data.</summary>
internal sealed record CloudProfile
{
    /// <summary>Its name in scenarios.</summary>
    public required string Name { get; init; }

    /// <summary>What is particular to it, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>How objects are marked: by labels, or by a record beside them.</summary>
    public ObjectMark Marks { get; init; } = ObjectMark.Labels;

    /// <summary>How a creation is resolved whose reply was lost, where a kind's names are not unique everywhere.</summary>
    public UnknownResolution Resolution { get; init; } = UnknownResolution.Replay;

    /// <summary>Kinds of which it is otherwise.</summary>
    public ImmutableDictionary<string, UnknownResolution> ResolutionByKind { get; init; } = [];

    /// <summary>Whether balancers and edges answer at a host name instead of an address.</summary>
    public bool HasHostNames { get; init; }

    /// <summary>Kinds of peer that firewall rules know; the others are written as addresses.</summary>
    public ImmutableArray<string> Peers { get; init; } = [.. FirewallPeerKinds.All];

    /// <summary>Where balancers come from, as CIDRs; empty: from the edge's address in the network.</summary>
    public ImmutableArray<string> BalancerRanges { get; init; } = [];

    /// <summary>Protocols that pass where rules let them; others never do.</summary>
    public ImmutableArray<string> Protocols { get; init; } = [.. FirewallProtocols.All];

    /// <summary>What machines' evidence is worth.</summary>
    public EvidenceStrength Evidence { get; init; } = EvidenceStrength.NonceSigned;

    /// <summary>Longest time after which every read and list sees an effect.</summary>
    public TimeSpan VisibilityBound { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Deadline of one step.</summary>
    public TimeSpan CallDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long calls take, by method.</summary>
    public ImmutableDictionary<CloudMethod, Latency> Latencies { get; init; } = [];

    /// <summary>How many calls there may be, by family; those not in it are not limited.</summary>
    public ImmutableDictionary<ApiFamily, CallLimit> Limits { get; init; } = [];

    /// <summary>How many calls that change something there may be, by family, where they are counted apart: the family's other limit counts the rest.</summary>
    public ImmutableDictionary<ApiFamily, CallLimit> WriteLimits { get; init; } = [];

    /// <summary>Families whose calls are counted with another's: one service of the cloud has them all.</summary>
    public ImmutableDictionary<ApiFamily, ApiFamily> CountedIn { get; init; } = [];

    /// <summary>The family whose limit a family's calls are counted in: its own where it has one.</summary>
    public ApiFamily LimitOf(ApiFamily family) => Limits.ContainsKey(family) ? family : CountedIn.GetValueOrDefault(family, family);

    /// <summary>How many objects there may be, by kind; those not in it are not limited.</summary>
    public ImmutableDictionary<string, int> Quotas { get; init; } = [];

    /// <summary>How a kind's creation is resolved.</summary>
    public UnknownResolution ResolutionOf(SimulatedKind kind) =>
        kind.HasUniqueNames ? UnknownResolution.UniqueName : ResolutionByKind.GetValueOrDefault(kind.Name, Resolution);

    /// <summary>How a kind is marked.</summary>
    public ObjectMark MarkOf(SimulatedKind kind) => kind.IsShared ? ObjectMark.None : Marks;

    /// <summary>Where an object answers, as seen from outside.</summary>
    public string HostOf(string id)
    {
        SimulatedKinds.OfId(id, out var number);

        // Addresses that carriers keep for themselves: nobody is at one of them.
        return HasHostNames ? $"{id}.sim.example" : new System.Net.IPAddress([100, (byte)(64 + ((number >> 16) & 63)), (byte)(number >> 8), (byte)number]).ToString();
    }
}
