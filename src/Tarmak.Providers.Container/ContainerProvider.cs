using Microsoft.Extensions.Logging;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Files;
using Tarmak.Providers.Container.Firewall;
using Tarmak.Providers.Container.Identities;
using Tarmak.Providers.Container.Images;
using Tarmak.Providers.Container.Machines;
using Tarmak.Providers.Container.Metadata;
using Tarmak.Providers.Container.Networks;
using Tarmak.Providers.Container.Peering;
using Tarmak.Providers.Container.Registry;
using Tarmak.Providers.Container.Volumes;
using Tarmak.Providers.Container.Watch;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Container;

/// <summary>One container engine as a cloud. Every capability is here; none needs another provider.</summary>
public sealed class ContainerProvider : IProvider
{
    private readonly ContainerEngine engine;
    private readonly Preflight preflight;
    private readonly Verification verification;
    private readonly ImageBuilder builder;

    internal ContainerProvider(
        ProviderSettings settings, ContainerOptions options, ContainerEngine engine, IFirstBootSecrets firstBootSecrets, ILoggerFactory loggers)
    {
        this.engine = engine;
        var edges = new EdgeStore(engine);
        var folder = new ProviderFolder(settings);
        var ranges = new AddressRanges(engine);
        builder = new ImageBuilder(engine, options, settings, loggers.CreateLogger<ImageBuilder>());
        var host = new HostLook(engine, settings);
        preflight = new Preflight(engine, host, ranges, settings);
        verification = new Verification(host, options);
        Network = new ContainerNetwork(new NetworkDriver(engine, ranges), new EdgeAttachmentDriver(engine));
        var (firewallGroups, enforcement) = (folder.Firewall(), new FirewallEnforcement(engine));
        Compute = new ContainerCompute(new MachineDriver(engine, firstBootSecrets, firewallGroups, enforcement), new EdgeDriver(engine));
        Firewall = new ContainerFirewall(new FirewallGroupDriver(firewallGroups, enforcement), new FirewallRulesDriver(firewallGroups, enforcement));
        Volumes = new ContainerVolumes(new VolumeDriver(engine));
        MachineImages = new ContainerMachineImages(new MachineImageDriver(engine, builder));
        Dns = new ContainerDns(new DnsZoneDriver(edges), new DnsRecordSetDriver(edges));
        InstanceMetadata = new ContainerMetadata(engine, settings.Installation);
        NetworkPeering = new ContainerPeering(new PeeringOfferDriver(edges), new PeeringAcceptanceDriver(edges));
        LoadBalancing = new ContainerLoadBalancing(new LoadBalancerDriver(edges), new LoadBalancerTargetDriver(edges));
        ContainerRegistry = new ContainerRegistryCapability(new RegistryRepositoryDriver(edges));
        AccessIdentity = new ContainerAccessIdentity(new AccessIdentityDriver(edges));
        SecretStore = folder.Secrets();
        ObjectStorage = folder.Objects();
        Watch = new ContainerWatch(engine, edges, settings.Installation, loggers.CreateLogger<ContainerWatch>());
        Access = new ContainerAccess(engine);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet => ContainerSheet.Sheet;

    /// <inheritdoc/>
    public INetwork Network { get; }

    /// <inheritdoc/>
    public ICompute Compute { get; }

    /// <inheritdoc/>
    public IVolumes Volumes { get; }

    /// <inheritdoc/>
    public IMachineImages MachineImages { get; }

    /// <inheritdoc/>
    public IDns Dns { get; }

    /// <inheritdoc/>
    public ILoadBalancing LoadBalancing { get; }

    /// <inheritdoc/>
    public IInstanceMetadata InstanceMetadata { get; }

    /// <inheritdoc/>
    public INetworkPeering NetworkPeering { get; }

    /// <inheritdoc/>
    public IFirewall Firewall { get; }

    /// <inheritdoc/>
    public IContainerRegistry ContainerRegistry { get; }

    /// <inheritdoc/>
    public IAccessIdentity AccessIdentity { get; }

    /// <inheritdoc/>
    public ISecretStore SecretStore { get; }

    /// <inheritdoc/>
    public IObjectStorage ObjectStorage { get; }

    /// <inheritdoc/>
    public IObjectWatch Watch { get; }

    /// <inheritdoc/>
    public IMachineAccess Access { get; }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => verification.VerifyAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) =>
        preflight.CheckAsync(request, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await builder.DisposeAsync().ConfigureAwait(false);
        engine.Dispose();
    }
}
