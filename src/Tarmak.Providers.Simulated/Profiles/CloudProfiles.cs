using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Profiles;

/// <summary>The sorts of cloud there are to simulate.</summary>
internal static class CloudProfiles
{
    /// <summary>Name of the one that is meant where none is named.</summary>
    public const string DefaultName = "default";

    private static readonly ApiFamily[] s_besideCompute = [ApiFamily.Network, ApiFamily.Volumes, ApiFamily.Images];
    private static readonly ApiFamily[] s_services = [ApiFamily.Compute, ApiFamily.Balancing, ApiFamily.Dns];

    /// <summary>Tags and tokens, and addresses.</summary>
    public static CloudProfile Default { get; } = new()
    {
        Name = DefaultName,
        Summary = "Tags on everything, tokens on every creation.",
        Latencies = ImmutableDictionary.CreateRange(new Dictionary<CloudMethod, Latency>
        {
            [CloudMethod.Describe] = Latency.Of(0.060, 0.400),
            [CloudMethod.List] = Latency.Of(0.200, 2.000),
            [CloudMethod.Create] = Latency.Of(0.300, 2.500),
            [CloudMethod.Update] = Latency.Of(0.200, 1.500),
            [CloudMethod.Delete] = Latency.Of(0.200, 1.500),
            [CloudMethod.ReadRecord] = Latency.Of(0.030, 0.200),
            [CloudMethod.CreateRecord] = Latency.Of(0.050, 0.400),
            [CloudMethod.SetRecord] = Latency.Of(0.050, 0.400),
            [CloudMethod.DeleteRecord] = Latency.Of(0.050, 0.400),
            [CloudMethod.ListRecords] = Latency.Of(0.100, 0.800),
            [CloudMethod.ReadContent] = Latency.Of(0.040, 0.300),
            [CloudMethod.WriteContent] = Latency.Of(0.080, 0.600),
            [CloudMethod.DeleteContent] = Latency.Of(0.050, 0.400),
            [CloudMethod.ListContents] = Latency.Of(0.100, 0.800),
            [CloudMethod.GiveEvidence] = Latency.Of(0.010, 0.100),
            [CloudMethod.CheckEvidence] = Latency.Of(0.060, 0.400),
            [CloudMethod.TryPacket] = Latency.Of(0.060, 0.400),
            [CloudMethod.PullImage] = Latency.Of(0.100, 0.800),
            [CloudMethod.PushImage] = Latency.Of(0.200, 1.500),
        }),
        Limits = ImmutableDictionary.CreateRange(new Dictionary<ApiFamily, CallLimit>
        {
            [ApiFamily.Compute] = new(200, 40),
            [ApiFamily.Network] = new(100, 20),
            [ApiFamily.Volumes] = new(200, 40),
            [ApiFamily.Images] = new(100, 20),
            [ApiFamily.Balancing] = new(100, 20),
            [ApiFamily.Dns] = new(100, 10),
            [ApiFamily.Storage] = new(1000, 500),
            [ApiFamily.Records] = new(400, 100),
        }),
    };

    /// <summary>
    /// Amazon EC2's documented request limits (Request throttling for the Amazon EC2 API), in the strict reading: all calls of the
    /// service that look share 100 at once and 20 a second, and all that change something 50 at once and 5 a second. Machines,
    /// networks, volumes and images are one service there; balancers and names are others, given the same. Secrets and objects are
    /// limited as by default.
    /// </summary>
    public static CloudProfile Ec2Like { get; } = Default with
    {
        Name = "ec2-like",
        Summary = "Reads and changes are limited apart, a service as a whole, as Amazon EC2 documents it.",
        CountedIn = ImmutableDictionary.CreateRange(s_besideCompute.Select(f => KeyValuePair.Create(f, ApiFamily.Compute))),
        Limits = Default.Limits.RemoveRange(s_besideCompute).SetItems(s_services.Select(f => KeyValuePair.Create(f, new CallLimit(100, 20)))),
        WriteLimits = ImmutableDictionary.CreateRange(s_services.Select(f => KeyValuePair.Create(f, new CallLimit(50, 5)))),
    };

    /// <summary>All, by name.</summary>
    public static IReadOnlyList<CloudProfile> All { get; } =
    [
        Default,
        Default with
        {
            Name = "no-tags",
            Summary = "Names are unique and there are no tags: a record beside each object says whose it is.",
            Marks = ObjectMark.Companion,
            Resolution = UnknownResolution.UniqueName,
        },
        Default with
        {
            Name = "no-tokens",
            Summary = "Creations take no tokens, and names of machines, edges and volumes are not unique: only looking tells what became of a call.",
            Resolution = UnknownResolution.UniqueName,
            ResolutionByKind = ImmutableDictionary.CreateRange(new Dictionary<string, UnknownResolution>(StringComparer.Ordinal)
            {
                [ResourceKinds.Machine] = UnknownResolution.Read,
                [ResourceKinds.Edge] = UnknownResolution.Read,
                [ResourceKinds.Volume] = UnknownResolution.Read,
            }),
        },
        Default with
        {
            Name = "hostname-only",
            Summary = "Balancers and edges answer at host names, whose addresses change.",
            HasHostNames = true,
        },
        Default with
        {
            Name = "no-signatures",
            Summary = "Machines' metadata signs nothing: only a secret that a machine was started with tells which it is.",
            Evidence = EvidenceStrength.OneTimeSecret,
        },
        Default with
        {
            Name = "cidr-only",
            Summary = "Firewall rules know address ranges only: roles and balancers are written as the addresses they have.",
            Peers = [FirewallPeerKinds.Cidr],
        },
        Default with
        {
            Name = "own-probes",
            Summary = "Balancers are no firewall peer: they come to their targets, and probe them, from ranges of the cloud's own.",
            Peers = [FirewallPeerKinds.Role, FirewallPeerKinds.Cidr],
            BalancerRanges = ["100.127.252.0/24", "100.127.253.0/24"],
        },
        Default with
        {
            Name = "no-ipip",
            Summary = "IP in IP is dropped whatever the rules, so overlays need another way to carry packets.",
            Protocols = [.. FirewallProtocols.All.Where(p => p != FirewallProtocols.IpInIp)],
        },
        Ec2Like,
    ];

    /// <summary>The profile of a name, or null.</summary>
    public static CloudProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);
}
