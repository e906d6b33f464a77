using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Instances;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Machines.Tests.Rehearsal;
using Tarmak.Model.Manifests;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using SimulatedCloud = Tarmak.Providers.Simulated.SimulatedCloud;

namespace Tarmak.Rehearsals;

/// <summary>
/// Many clusters asked for at once, in virtual time: the real machines and planners, the simulated provider's drivers and its
/// account, and the same budgets that grains keep. What only an engine has (authorities, bundles, convergence) is a model.
/// </summary>
internal sealed class FleetRehearsal
{
    private const string Installation = "5b0f6d3e9a7c";
    private const string Cloud = "cloud";

    private readonly SimulatedWorld world;
    private readonly SimulatedCloud account;
    private readonly Func<string, BoundDriver?> find;
    private readonly Dictionary<string, BoundDriver?> drivers = new(StringComparer.Ordinal);
    private readonly HashSet<MachineAddress> ready = [];
    private long throttled;

    private FleetRehearsal(CloudProfile profile, bool budgeted, int seed)
    {
        world = new SimulatedWorld(seed) { Tracing = false, Cloud = { HoldsAll = false, OrderMatters = false } };
        account = new SimulatedCloud(new Scenario(seed, profile, []), world.Clock);
        var provider = new SimulatedProvider(account, Installation, world.Clock);
        find = kind => ProviderDrivers.Find(provider, kind);
        ModelCloud.Offer(world.Cloud);
        world.Use(MachineKind.Environment, new EnvironmentPlanner())
            .Use(MachineKind.Cluster, new ClusterPlanner())
            .Use(MachineKind.InstancePool, new InstancePoolPlanner())
            .Use(MachineKind.Instance, new InstancePlanner())
            .Use(MachineKind.Capability, new ResourceMachine((name, kind) => Find(name, kind)?.Traits ?? world.Cloud.TraitsOf(name, kind)));
        world.Drivers = Drive;
        world.Committed = Note;
        if (budgeted)
        {
            var sheet = provider.Sheet;
            world.UseBudgets(ask => Find(ask.Provider, ask.Kind) is null ? null : ApiLimit.Of(sheet, ask));
        }
    }

    /// <summary>Asks for clusters and runs until all are ready.</summary>
    /// <param name="clusters">How many.</param>
    /// <param name="perEnvironment">How many to an environment.</param>
    /// <param name="profile">The cloud.</param>
    /// <param name="budgeted">Whether calls are made on leases.</param>
    /// <param name="seed">All chance comes of it.</param>
    /// <param name="within">Longest virtual time.</param>
    public static FleetResult Run(int clusters, int perEnvironment, CloudProfile profile, bool budgeted, int seed = 1, TimeSpan? within = null)
    {
        var fleet = new FleetRehearsal(profile, budgeted, seed);
        for (var first = 0; first < clusters; first += perEnvironment)
        {
            fleet.Ask(first / perEnvironment, Math.Min(perEnvironment, clusters - first));
        }

        fleet.world.Run(() => fleet.ready.Count == clusters, within ?? TimeSpan.FromHours(12), events: int.MaxValue);
        var counts = fleet.account.Counts;
        return new FleetResult(
            fleet.world.Clock.Now - SimulatedClock.Beginning, fleet.account.Calls, counts.Sum(c => c.Refused), fleet.throttled,
            counts.Select(c => c.Needed).DefaultIfEmpty().Max(), fleet.ready.Count, fleet.world.Budgets?.Waited ?? 0, fleet.world.Budgets?.Shared ?? 0);
    }

    /// <summary>A cloud's limits in proportion.</summary>
    public static CloudProfile Part(CloudProfile profile, double part)
    {
        return profile with { Limits = Scaled(profile.Limits), WriteLimits = Scaled(profile.WriteLimits) };

        ImmutableDictionary<ApiFamily, CallLimit> Scaled(ImmutableDictionary<ApiFamily, CallLimit> limits) =>
            limits.ToImmutableDictionary(l => l.Key, l => new CallLimit(l.Value.Burst * part, l.Value.PerSecond * part));
    }

    /// <summary>The same cloud, without limits.</summary>
    public static CloudProfile Unlimited(CloudProfile profile) => profile with { Limits = [], WriteLimits = [] };

    private void Note(MachineState state)
    {
        if (state.Address.Kind != MachineKind.Cluster)
        {
            return;
        }

        if (state.Phase == Phase.Ready)
        {
            ready.Add(state.Address);
        }
        else
        {
            ready.Remove(state.Address);
        }
    }

    private void Ask(int number, int clusters)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"env{number:D3}");
        var address = MachineAddress.OfEnvironment(name);
        var read = ManifestReader.Read([new ManifestFile("fleet.yaml", Text(name, clusters))]);
        if (read.Problems.Count > 0)
        {
            throw new InvalidOperationException(read.Problems[0].ToString());
        }

        var none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var desired = Acceptance.PutEnvironment(
            new EnvironmentDesired { AuthorityCertificate = "-----BEGIN CERTIFICATE-----", AuthorityPin = "ab12", AuthorizedKeys = ["ssh-ed25519 AAAA admin"] },
            read.Environments[0].Manifest.Spec, none, none, null).Desired!;
        foreach (var cluster in read.Clusters)
        {
            desired = Acceptance.PutCluster(desired, cluster.Manifest.Metadata.Name, cluster.Manifest.Spec, none, none, null, []).Desired!;
        }

        world.Apply(address, $"root-{name}", 1, DesiredJson.Write(desired));
    }

    private static string Text(string environment, int clusters)
    {
        var text = new StringBuilder($$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Environment
            metadata: { name: {{environment}} }
            spec:
              provider: {{Cloud}}
              dns: { publicZone: {{environment}}.example.test, privateZone: tarmak.local }
              adminCIDRs: [ 127.0.0.0/8 ]
            """);
        for (var n = 0; n < clusters; n++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""

                ---
                apiVersion: tarmak.io/v1alpha1
                kind: Cluster
                metadata: { name: c{{n}}, environment: {{environment}} }
                spec:
                  network: { cidr: 10.{{n + 1}}.0.0/16 }
                  instancePools:
                    - { name: bastion, role: bastion }
                    - { name: etcd, role: etcd, count: 3, size: small }
                """);
        }

        return text.ToString();
    }

    private BoundDriver? Find(string name, string kind)
    {
        if (name != Cloud)
        {
            return null;
        }

        if (!drivers.TryGetValue(kind, out var driver))
        {
            drivers[kind] = driver = find(kind);
        }

        return driver;
    }

    private Task<StepOutcome>? Drive(StepCall call) => Find(call.Provider, call.Kind) is { } driver ? CountAsync(driver.RunAsync(call, Resource(call), CancellationToken.None)) : null;

    private async Task<StepOutcome> CountAsync(Task<StepOutcome> driven)
    {
        var outcome = await driven.ConfigureAwait(false);
        if (outcome is StepOutcome.Failed { Error: ErrorClass.RateLimited })
        {
            throttled++;
        }

        return outcome;
    }

    private static ResourceCall Resource(StepCall call) => new()
    {
        Marks = new OwnerMarks(Installation, call.Owner.Environment, call.Owner.Cluster, call.Uid, call.Owner.Key),
        Name = ObjectNames.Of(Installation, call.Owner),
        Incarnation = call.Incarnation,
        Token = call.Token,
        ObjectId = call.ObjectId,
        Handle = call.Handle,
    };
}
