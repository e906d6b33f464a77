using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>An account with machines in it, made by its provider's drivers.</summary>
internal sealed class Place : IAsyncDisposable
{
    private readonly VirtualClock clock;
    private readonly SimulatedCloud cloud;
    private readonly Dictionary<string, MachineSpec> machines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Network, string Edge, string Image)> networks = new(StringComparer.Ordinal);

    public Place(VirtualClock clock, CloudProfile profile, long seed = 1)
    {
        this.clock = clock;
        cloud = new SimulatedCloud(new Scenario(seed, profile with { Limits = [] }, []), clock);
        Provider = OfInstallation("i");
    }

    public SimulatedProvider Provider { get; }

    public SimulatedProvider OfInstallation(string installation) => new(cloud, installation, clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task<TOutputs> MakeAsync<TSpec, TOutputs>(IResourceDriver<TSpec> driver, string name, TSpec spec)
        where TSpec : class
        where TOutputs : class
    {
        var seen = await EndAsync(h => driver.EnsureAsync(CallOf(driver, name) with { Handle = h }, spec, Token));
        return ResourceJson.Read<TOutputs>(seen.Outputs!);
    }

    private static ResourceCall CallOf<TSpec>(IResourceDriver<TSpec> driver, string name)
        where TSpec : class => Calls.Of(name, driver.Traits.Kind, uid: driver.Traits.Kind);

    private async Task<Observation> EndAsync(Func<string?, Task<StepOutcome>> step)
    {
        var outcome = await step(null);
        while (outcome is StepOutcome.InProgress going)
        {
            await Task.Delay(going.PollAfter, clock, Token);
            outcome = await step(going.Handle);
        }

        return outcome.Should().BeOfType<StepOutcome.Succeeded>().Which.Observation;
    }

    /// <summary>A network with its edge in it at the second address.</summary>
    public async Task<string> NetworkAsync(string range)
    {
        if (!networks.TryGetValue(range, out var there))
        {
            var name = range.Replace('/', '-').Replace('.', '-');
            var image = await MakeAsync<MachineImageSpec, MachineImageOutputs>(Provider.Images, "image", new MachineImageSpec("base"));
            var network = await MakeAsync<NetworkSpec, NetworkOutputs>(Provider.Networks, name, new NetworkSpec(range, true));
            var edge = await MakeAsync<EdgeSpec, EdgeOutputs>(Provider.Edges, name, new EdgeSpec(image.ImageId, network.NetworkId, null, "certificate"));
            await MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(
                Provider.EdgeAttachments, name, new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, Model.Networking.Cidr.Parse(range).Host(2).ToString()));
            networks[range] = there = (network.NetworkId, edge.EdgeId, image.ImageId);
        }

        return there.Network;
    }

    public async Task<string> GroupAsync(string range, string role) =>
        (await MakeAsync<FirewallGroupSpec, FirewallGroupOutputs>(Provider.Groups, role, new FirewallGroupSpec(await NetworkAsync(range), role))).GroupId;

    public Task<FirewallRulesOutputs> RulesAsync(string group, params ImmutableArray<FirewallRule> rules) =>
        MakeAsync<FirewallRulesSpec, FirewallRulesOutputs>(Provider.Rules, group, new FirewallRulesSpec(group, rules));

    public async Task<MachineOutputs> MachineAsync(string range, string address, string? group = null, string? name = null, string? identity = null)
    {
        var network = await NetworkAsync(range);
        machines[address] = new MachineSpec
        {
            ImageId = networks[range].Image,
            HostName = "machine",
            Size = "small",
            NetworkId = network,
            Address = address,
            FirewallGroupId = group,
            IdentityId = identity,
            FirstBoot = new FirstBoot("dev/demo/etcd/0", "u", "10.7.0.2:7443", new string('a', 64)),
        };
        return await MakeAsync<MachineSpec, MachineOutputs>(Provider.Machines, name ?? address, machines[address]);
    }

    /// <summary>The identity of an instance, made or changed, with what it is granted.</summary>
    public async Task<string> IdentityAsync(string instance, params ImmutableArray<InstanceGrant> grants)
    {
        var spec = new AccessIdentitySpec { Instance = $"dev/demo/{instance}", InstanceUid = instance, Role = "worker", Grants = grants };
        var call = CallOf(Provider.Identities, instance) with { ObjectId = identities.GetValueOrDefault(instance) };
        return identities[instance] = (await EndAsync(h => Provider.Identities.EnsureAsync(call with { Handle = h }, spec, Token))).ObjectId!;
    }

    /// <summary>A repository on the edge of a network.</summary>
    public async Task<RegistryRepositoryOutputs> RepositoryAsync(string range, string repository)
    {
        var spec = await RepositoryOfAsync(range, repository);
        return await MakeAsync<RegistryRepositorySpec, RegistryRepositoryOutputs>(Provider.Repositories, $"{range}/{repository}", spec);
    }

    /// <summary>Removes a repository.</summary>
    public async Task RemoveRepositoryAsync(string range, string repository)
    {
        var (call, spec) = (CallOf(Provider.Repositories, $"{range}/{repository}"), await RepositoryOfAsync(range, repository));
        var seen = await EndAsync(_ => Provider.Repositories.ObserveAsync(call, spec, Token));
        await EndAsync(h => Provider.Repositories.DeleteAsync(call with { ObjectId = seen.ObjectId, Handle = h }, spec, Token));
    }

    private async Task<RegistryRepositorySpec> RepositoryOfAsync(string range, string repository)
    {
        await NetworkAsync(range);
        return new RegistryRepositorySpec(repository, networks[range].Edge);
    }

    /// <summary>Waits until all sees what was changed.</summary>
    public Task SettleAsync() => Task.Delay(Provider.Identities.Traits.VisibilityBound, clock, Token);

    /// <summary>Removes a machine that has its address for a name.</summary>
    public async Task RemoveMachineAsync(string address)
    {
        var call = CallOf(Provider.Machines, address);
        var seen = await EndAsync(_ => Provider.Machines.ObserveAsync(call, machines[address], Token));
        await EndAsync(h => Provider.Machines.DeleteAsync(call with { ObjectId = seen.ObjectId, Handle = h }, machines[address], Token));
    }

    public async Task<string> BalancerAsync(string range, string name, params string[] targets)
    {
        var network = await NetworkAsync(range);
        var balancer = await MakeAsync<LoadBalancerSpec, LoadBalancerOutputs>(
            Provider.Balancers, name, new LoadBalancerSpec(networks[range].Edge, network, new HealthCheck("tcp", null, 2, 2, 2, 2), null, 60));
        foreach (var target in targets)
        {
            await MakeAsync<LoadBalancerTargetSpec, LoadBalancerTargetOutputs>(Provider.Targets, $"{name}-{target}", new LoadBalancerTargetSpec(balancer.LoadBalancerId, target, 2379));
        }

        return balancer.LoadBalancerId;
    }

    public Task<bool> ReachesAsync(string sender, string address, int? port, string protocol = FirewallProtocols.Tcp) =>
        Provider.StandIn.ReachesAsync(sender, address, protocol, port, Token);

    public ValueTask DisposeAsync() => Provider.DisposeAsync();
}
