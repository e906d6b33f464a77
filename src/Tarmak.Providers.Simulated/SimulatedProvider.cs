using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Drivers;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated;

/// <summary>A simulated account as one installation sees it. It offers every capability.</summary>
public sealed class SimulatedProvider : IProvider, INetwork, ICompute, IVolumes, IMachineImages, IDns, ILoadBalancing, IFirewall, INetworkPeering, IAccessIdentity, IContainerRegistry
{
    private readonly ICloud cloud;
    private readonly CloudProfile profile;
    private readonly TimeProvider time;
    private readonly StoreCalls calls;

    internal SimulatedProvider(SimulatedCloud cloud, string installation, TimeProvider time)
        : this(cloud, cloud.Profile, installation, time)
    {
    }

    internal SimulatedProvider(ICloud cloud, CloudProfile profile, string installation, TimeProvider time)
    {
        this.cloud = cloud;
        this.profile = profile;
        this.time = time;
        calls = new StoreCalls(cloud, profile, time);
        Sheet = SimulatedSheet.Of(profile);
        SecretStore = new SimulatedSecretStore(calls);
        ObjectStorage = new SimulatedObjectStorage(calls, Drive(Kinds.Buckets.Kind));
        Watch = new SimulatedWatch(cloud, calls, profile, installation);
        Networks = Drive(Kinds.Networks.Kind);
        EdgeAttachments = Drive(Kinds.EdgeAttachments.Kind);
        Machines = Drive(Kinds.Machines.Kind);
        Edges = Drive(Kinds.Edges.Kind);
        Volumes = Drive(Kinds.Volumes.Kind);
        Images = Drive(Kinds.Images.Kind);
        Zones = Drive(Kinds.Zones.Kind);
        RecordSets = Drive(Kinds.RecordSets.Kind);
        Balancers = Drive(Kinds.Balancers.Kind);
        Targets = Drive(Kinds.Targets.Kind);
        Groups = Drive(FirewallGroups.Kind);
        Rules = Drive(FirewallRuleSets.Kind);
        Offers = Drive(PeeringOffers.Kind);
        Acceptances = Drive(PeeringAcceptances.Kind);
        Identities = Drive(Kinds.Identities.Kind);
        Repositories = Drive(Kinds.Repositories.Kind);
        InstanceMetadata = new SimulatedMetadata(calls, profile, installation);
        StandIn = new SimulatedMachines(calls);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet { get; }

    /// <inheritdoc/>
    public INetwork Network => this;

    /// <inheritdoc/>
    public ICompute Compute => this;

    /// <inheritdoc/>
    IVolumes IProvider.Volumes => this;

    /// <inheritdoc/>
    public IMachineImages MachineImages => this;

    /// <inheritdoc/>
    public IDns Dns => this;

    /// <inheritdoc/>
    public ILoadBalancing LoadBalancing => this;

    /// <inheritdoc/>
    public IFirewall Firewall => this;

    /// <inheritdoc/>
    public INetworkPeering NetworkPeering => this;

    /// <inheritdoc/>
    public IContainerRegistry ContainerRegistry => this;

    /// <inheritdoc/>
    public IAccessIdentity AccessIdentity => this;

    /// <inheritdoc/>
    public IInstanceMetadata InstanceMetadata { get; }

    /// <inheritdoc/>
    public IMachineStandIn StandIn { get; }

    /// <inheritdoc/>
    public ISecretStore SecretStore { get; }

    /// <inheritdoc/>
    public IObjectStorage ObjectStorage { get; }

    /// <inheritdoc/>
    public IObjectWatch Watch { get; }

    /// <inheritdoc/>
    public IResourceDriver<NetworkSpec> Networks { get; }

    /// <inheritdoc/>
    public IResourceDriver<EdgeAttachmentSpec> EdgeAttachments { get; }

    /// <inheritdoc/>
    public IResourceDriver<MachineSpec> Machines { get; }

    /// <inheritdoc/>
    public IResourceDriver<EdgeSpec> Edges { get; }

    /// <inheritdoc/>
    public IResourceDriver<VolumeSpec> Volumes { get; }

    /// <inheritdoc/>
    public IResourceDriver<MachineImageSpec> Images { get; }

    /// <inheritdoc/>
    public IResourceDriver<DnsZoneSpec> Zones { get; }

    /// <inheritdoc/>
    public IResourceDriver<DnsRecordSetSpec> RecordSets { get; }

    /// <inheritdoc/>
    public IResourceDriver<LoadBalancerSpec> Balancers { get; }

    /// <inheritdoc/>
    public IResourceDriver<LoadBalancerTargetSpec> Targets { get; }

    /// <inheritdoc/>
    public IResourceDriver<FirewallGroupSpec> Groups { get; }

    /// <inheritdoc/>
    public IResourceDriver<FirewallRulesSpec> Rules { get; }

    /// <inheritdoc/>
    public IResourceDriver<PeeringOfferSpec> Offers { get; }

    /// <inheritdoc/>
    public IResourceDriver<PeeringAcceptanceSpec> Acceptances { get; }

    /// <inheritdoc/>
    public IResourceDriver<AccessIdentitySpec> Identities { get; }

    /// <inheritdoc/>
    public IResourceDriver<RegistryRepositorySpec> Repositories { get; }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken)
    {
        var quotas = SimulatedSheet.QuotasOf(profile);
        try
        {
            var made = await CountAsync(cancellationToken).ConfigureAwait(false);
            return
            [
                new(SimulatedSheet.Account, RequirementState.Met, "It answers."),
                .. quotas.Select(q => made.GetValueOrDefault(q.Name) is var count && count < profile.Quotas[q.Name]
                    ? new RequirementFinding(q, RequirementState.Met, $"{count} of {profile.Quotas[q.Name]} are there.")
                    : new RequirementFinding(q, RequirementState.Unmet, $"All {profile.Quotas[q.Name]} are there; remove one, or raise it in the scenario.")),
            ];
        }
        catch (ProviderException refused)
        {
            return
            [
                new(SimulatedSheet.Account, RequirementState.Unmet, refused.Message),
                .. quotas.Select(q => new RequirementFinding(q, RequirementState.Unknown, "The account did not answer.")),
            ];
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        List<string> problems = [.. request.Networks.Where(n => !Cidr.TryParse(n.Cidr, out _)).Select(n => $"{n.OwnerKey}: {n.Cidr} is no range of addresses; write it as 10.99.0.0/16.")];
        if (request.Networks.Count > 0 && profile.Quotas.TryGetValue(ResourceKinds.Network, out var quota))
        {
            try
            {
                var there = (await CountAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(ResourceKinds.Network);
                if (there + request.Networks.Count > quota)
                {
                    problems.Add($"{string.Join(", ", request.Networks.Select(n => n.OwnerKey))}: the account may have {quota} networks and has {there}; remove one, or raise its quota.");
                }
            }
            catch (ProviderException refused)
            {
                problems.Add(refused.Message);
            }
        }

        return problems;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // An account in this process stays; the way to another process goes.
        (cloud as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private SimulatedDriver<TSpec> Drive<TSpec>(SimulatedKind<TSpec> kind)
        where TSpec : class => new(cloud, profile, kind, time);

    private async Task<Dictionary<string, int>> CountAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, int> made = new(StringComparer.Ordinal);
        long? next = 0;
        while (next is { } after)
        {
            var page = await calls.AskAsync(new CloudRequest(CloudMethod.List, "") { After = after }, cancellationToken).ConfigureAwait(false);
            foreach (var one in page.Objects)
            {
                made[one.Kind] = made.GetValueOrDefault(one.Kind) + 1;
            }

            next = page.Next;
        }

        return made;
    }
}
