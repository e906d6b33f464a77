using System.Collections.Immutable;
using System.Globalization;
using Tarmak.Machines.Budgets;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated;

/// <summary>What a simulated cloud offers, needs and cannot do, by its profile.</summary>
internal static class SimulatedSheet
{
    /// <summary>The account.</summary>
    public static readonly Requirement Account = new(RequirementKind.Place, "account", "The simulated account answers.");

    private static readonly string[] Sizes = ["tiny", "small", "medium", "large", "xlarge"];

    /// <summary>The sheet of a profile.</summary>
    public static RequirementSheet Of(CloudProfile profile) => new()
    {
        Type = SimulatedProviderFactory.TypeName,
        Summary = $"A cloud in memory that is as awkward as a real one: slow, limited, forgetful. {profile.Summary}",
        Requirements = [Account, .. QuotasOf(profile)],
        Settings = [ProviderOptions.Scenario, ProviderOptions.Host],
        ApiLimits = LimitsOf(profile),
        Capabilities =
        [
            new StoreSheet(CapabilityNames.SecretStore) { Ways = [GrantWay.Brokered], Limitations = ["Values are at most 64 KiB."] },
            new InstanceMetadataSheet
            {
                Strength = profile.Evidence,
                Limitations = ["Nothing runs on a machine; the account gives evidence for it.", "Who knows the scenario's seed can make evidence."],
            },
            new MachineImagesSheet { TakesNamedImages = true, Objects = Objects(profile, CapabilityNames.MachineImages) },
            new StoreSheet(CapabilityNames.ContainerRegistry)
            {
                Ways = [GrantWay.Native],
                Objects = Objects(profile, CapabilityNames.ContainerRegistry),
                Limitations = ["A registry is an edge's, for machines of its networks only.", "Nothing is pulled or pushed; the account answers what a machine might."],
            },
            new StoreSheet(CapabilityNames.ObjectStorage) { Ways = [GrantWay.Brokered], Objects = Objects(profile, CapabilityNames.ObjectStorage) },
            new LoadBalancingSheet
            {
                HasHostNames = profile.HasHostNames,
                Objects = Objects(profile, CapabilityNames.LoadBalancing),
                Limitations = ["Nothing answers at an endpoint."],
            },
            new DnsSheet { Objects = Objects(profile, CapabilityNames.Dns), Limitations = ["Nobody can look names up."] },
            new PeeringSheet { Objects = Objects(profile, CapabilityNames.NetworkPeering) },
            new FirewallSheet
            {
                PeerKinds = profile.Peers,
                BalancerRanges = profile.BalancerRanges,
                Protocols = profile.Protocols,
                Objects = Objects(profile, CapabilityNames.Firewall),
                Limitations = ["Nothing is sent; the account answers what would pass."],
            },
            new CapabilitySheet(CapabilityNames.Network) { Objects = Objects(profile, CapabilityNames.Network) },
            new ComputeSheet
            {
                Sizes = [.. Sizes],
                TakesOwnTypes = true,
                MostZones = 3,
                HasRootVolumes = true,
                RunsImages = false,
                Objects = Objects(profile, CapabilityNames.Compute),
                Limitations = ["Nothing runs on a machine, so no agent reports from one and no instance converges."],
            },
            new AccessIdentitySheet
            {
                Policies = [.. Identities.Policies],
                Objects = Objects(profile, CapabilityNames.AccessIdentity),
                Limitations = ["Nothing runs on a machine that could call anything."],
            },
            new VolumesSheet { Classes = [.. Volumes.Classes], IsZonal = true, Objects = Objects(profile, CapabilityNames.Volumes) },
        ],
    };

    /// <summary>How many calls the account may make. Pages of the list of what is owned are counted with machines.</summary>
    private static ImmutableArray<ApiLimit> LimitsOf(CloudProfile profile) => [.. profile.Limits.OrderBy(l => l.Key).SelectMany(l => profile.WriteLimits.TryGetValue(l.Key, out var writes)
        ? new[] { LimitOf(profile, l.Key, "Reads", l.Value) with { Counts = CountedCalls.Reads }, LimitOf(profile, l.Key, "Writes", writes) with { Counts = CountedCalls.Writes } }
        : [LimitOf(profile, l.Key, "", l.Value)])];

    private static ApiLimit LimitOf(CloudProfile profile, ApiFamily family, string calls, CallLimit limit) =>
        new($"{family}{calls}", new CallRate(limit.Burst, limit.PerSecond), [.. SimulatedKinds.All.Where(k => profile.LimitOf(k.Family) == family).Select(k => k.Name)])
        {
            CountsLists = family == ApiFamily.Compute,
        };

    /// <summary>The account's quotas.</summary>
    public static ImmutableArray<Requirement> QuotasOf(CloudProfile profile) =>
        [.. profile.Quotas.OrderBy(q => q.Key, StringComparer.Ordinal).Select(q => new Requirement(RequirementKind.Quota, q.Key, string.Create(CultureInfo.InvariantCulture, $"The account may have {q.Value} of them.")))];

    private static ImmutableArray<ObjectSheet> Objects(CloudProfile profile, string capability) =>
        [.. SimulatedKinds.All.Where(k => CapabilityNames.Of(k.Name) == capability).Select(k => ObjectSheet.Of(k.TraitsIn(profile), profile.MarkOf(k)))];
}
