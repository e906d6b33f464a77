using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Calls;
using Tarmak.Providers.Plugins.Capabilities;
using Tarmak.Providers.Plugins.Installation;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins;

/// <summary>One account at a plugin. It has the capabilities the plugin's sheet offers, and no terminal access to machines.</summary>
internal sealed class PluginProvider : IProvider, INetwork, ICompute, IVolumes, IMachineImages, IDns, ILoadBalancing
{
    private const string VerifyMethod = "Plugin.Verify";
    private const string CheckMethod = "Plugin.Check";
    private const int MostProblems = 100;

    private readonly InstalledPlugin plugin;
    private readonly PluginCalls calls;
    private readonly PluginAccount account;

    public PluginProvider(InstalledPlugin plugin, PluginCalls calls, ProviderSettings settings, IFirstBootSecrets firstBootSecrets)
    {
        this.plugin = plugin;
        this.calls = calls;
        account = PluginAccount.Of(calls, settings, plugin.File.Address is null);
        Networks = Driver<NetworkSpec, NetworkOutputs>(ResourceKinds.Network);
        EdgeAttachments = Driver<EdgeAttachmentSpec, EdgeAttachmentOutputs>(ResourceKinds.EdgeAttachment);
        Machines = Driver<MachineSpec, MachineOutputs>(
            ResourceKinds.Machine, (call, spec, token) => firstBootSecrets.IssueAsync(spec.FirstBoot.Instance, spec.FirstBoot.InstanceUid, call.Token, token));
        Edges = Driver<EdgeSpec, EdgeOutputs>(ResourceKinds.Edge);
        Volumes = Driver<VolumeSpec, VolumeOutputs>(ResourceKinds.Volume);
        Images = Driver<MachineImageSpec, MachineImageOutputs>(ResourceKinds.MachineImage);
        Zones = Driver<DnsZoneSpec, DnsZoneOutputs>(ResourceKinds.DnsZone);
        RecordSets = Driver<DnsRecordSetSpec, DnsRecordSetOutputs>(ResourceKinds.DnsRecordSet);
        Balancers = Driver<LoadBalancerSpec, LoadBalancerOutputs>(ResourceKinds.LoadBalancer);
        Targets = Driver<LoadBalancerTargetSpec, LoadBalancerTargetOutputs>(ResourceKinds.LoadBalancerTarget);
        SecretStore = Offers(CapabilityNames.SecretStore) ? new PluginSecretStore(account) : null;
        ObjectStorage = Offers(CapabilityNames.ObjectStorage) ? new PluginObjectStorage(account, Driver<BucketSpec, BucketOutputs>(ResourceKinds.Bucket)) : null;
        var listed = plugin.Kinds.Where(k => k.Value.Listed).Select(k => k.Key).ToHashSet(StringComparer.Ordinal);
        Watch = listed.Count == 0 ? null : new PluginWatch(account, listed);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet => plugin.Sheet;

    /// <inheritdoc/>
    public INetwork? Network => Offers(CapabilityNames.Network) ? this : null;

    /// <inheritdoc/>
    public ICompute? Compute => Offers(CapabilityNames.Compute) ? this : null;

    /// <inheritdoc/>
    IVolumes? IProvider.Volumes => Offers(CapabilityNames.Volumes) ? this : null;

    /// <inheritdoc/>
    public IMachineImages? MachineImages => Offers(CapabilityNames.MachineImages) ? this : null;

    /// <inheritdoc/>
    public IDns? Dns => Offers(CapabilityNames.Dns) ? this : null;

    /// <inheritdoc/>
    public ILoadBalancing? LoadBalancing => Offers(CapabilityNames.LoadBalancing) ? this : null;

    /// <inheritdoc/>
    public ISecretStore? SecretStore { get; }

    /// <inheritdoc/>
    public IObjectStorage? ObjectStorage { get; }

    /// <inheritdoc/>
    public IObjectWatch? Watch { get; }

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
    public async Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken)
    {
        var asked = plugin.Sheet.Requirements.Concat(plugin.Sheet.Capabilities.SelectMany(c => c.Requirements)).Where(r => r != InstalledPlugin.Answers).Distinct().ToList();
        try
        {
            var request = new V1.VerifyRequest { Account = account.Message };
            var answer = await calls.SendAgainableAsync(
                VerifyMethod, account.Message.Provider, (i, o) => new V1.Plugin.PluginClient(i).VerifyAsync(request, o), cancellationToken).ConfigureAwait(false);
            var answers = new RequirementFinding(InstalledPlugin.Answers, RequirementState.Met, $"Plugin {plugin.Type} of {plugin.Place} answers.");
            return answer.Refusal is { } refusal
                ? [answers, .. Unknown(asked, Refusals.Of(calls, refusal, VerifyMethod, account.Message.Provider).Message)]
                : [answers, .. asked.Select(r => Find(answer, r))];
        }
        catch (ProviderException refused)
        {
            return [new RequirementFinding(InstalledPlugin.Answers, RequirementState.Unmet, refused.Message), .. Unknown(asked, "The plugin could not be asked.")];
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var message = new V1.CheckRequest { Account = account.Message };
        message.Networks.AddRange(request.Networks.Select(n => new V1.CheckRequest.Types.Network { OwnerKey = n.OwnerKey, Cidr = n.Cidr }));
        message.Edges.AddRange(request.EdgePorts.Select(e => new V1.CheckRequest.Types.Edge { Environment = e.Environment, Ports = e.Ports ?? "" }));
        message.Zones.AddRange(request.Zones.Select(z => new V1.CheckRequest.Types.Zone { Environment = z.Environment, Zone_ = z.Zone }));
        try
        {
            var answer = await calls.SendAgainableAsync(
                CheckMethod, account.Message.Provider, (i, o) => new V1.Plugin.PluginClient(i).CheckAsync(message, o), cancellationToken).ConfigureAwait(false);
            return answer.Refusal is { } refusal
                ? [Refusals.Of(calls, refusal, CheckMethod, account.Message.Provider).Message]
                : [.. answer.Problems.Take(MostProblems).Select(p => Untrusted.Sentence(p)).Select(p => p.Length > 0 ? p : $"Plugin {plugin.Type} names a problem without saying which.")];
        }
        catch (ProviderException refused)
        {
            return [refused.Message];
        }
    }

    /// <summary>The process belongs to the type and stays for its other providers.</summary>
    /// <returns>A task.</returns>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Has the plugin remove what it kept for an account that nobody uses any more.</summary>
    /// <exception cref="ProviderException">It did not.</exception>
    public async Task RemoveFilesAsync(CancellationToken cancellationToken)
    {
        const string Method = "Plugin.RemoveFiles";
        var request = new V1.RemoveFilesRequest { Account = account.Message };
        var answer = await calls.SendAgainableAsync(
            Method, account.Message.Provider, (i, o) => new V1.Plugin.PluginClient(i).RemoveFilesAsync(request, o), cancellationToken).ConfigureAwait(false);
        if (answer.Refusal is { } refusal)
        {
            throw Refusals.Of(calls, refusal, Method, account.Message.Provider);
        }
    }

    private static IEnumerable<RequirementFinding> Unknown(IEnumerable<Requirement> requirements, string why) =>
        requirements.Select(r => new RequirementFinding(r, RequirementState.Unknown, why));

    private static RequirementFinding Find(V1.VerifyResponse answer, Requirement requirement)
    {
        var found = answer.Findings.FirstOrDefault(f => f.Requirement == requirement.Name);
        var sentence = Untrusted.Sentence(found?.Sentence ?? "");
        return new RequirementFinding(
            requirement,
            found?.State switch
            {
                V1.RequirementState.Met => RequirementState.Met,
                V1.RequirementState.Unmet => RequirementState.Unmet,
                _ => RequirementState.Unknown,
            },
            sentence.Length > 0 ? sentence : "The plugin does not say.");
    }

    private bool Offers(string capability) => plugin.Sheet.Find(capability) is not null;

    // A kind that is not offered has no driver: its capability is null, and nobody comes to it.
    private PluginDriver<TSpec, TOutputs> Driver<TSpec, TOutputs>(string kind, Func<ResourceCall, TSpec, CancellationToken, Task<string>>? firstBoot = null)
        where TSpec : class
        where TOutputs : class =>
        plugin.Kinds.TryGetValue(kind, out var declared) ? new PluginDriver<TSpec, TOutputs>(account, declared, firstBoot) : null!;
}
