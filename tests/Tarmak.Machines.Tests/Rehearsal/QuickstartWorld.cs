using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.InstancePools;
using Tarmak.Machines.Instances;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>A simulated world with the real planners, on a model cloud with every kind of object.</summary>
internal sealed class QuickstartWorld
{
    public static readonly MachineAddress Dev = MachineAddress.OfEnvironment("dev");
    public static readonly MachineAddress Demo = MachineAddress.OfCluster("dev", "demo");
    public static readonly MachineAddress Etcd = Demo.Nested(MachineKind.InstancePool, "etcd");
    public static readonly MachineAddress Bastion = Demo.Nested(MachineKind.InstancePool, "bastion");
    public static readonly MachineAddress Edge = Dev.Capability(ResourceKinds.Edge, "edge");

    private string uid = "root";
    private long generation;

    public QuickstartWorld(int seed = 1, SimulationFaults? faults = null, bool tracing = true, Func<string, string>? balancerHost = null)
    {
        World = new SimulatedWorld(seed, faults) { Tracing = tracing };
        World.Use(MachineKind.Environment, new EnvironmentPlanner())
            .Use(MachineKind.Cluster, new ClusterPlanner())
            .Use(MachineKind.InstancePool, new InstancePoolPlanner())
            .Use(MachineKind.Instance, new InstancePlanner());
        ModelCloud.Offer(World.Cloud, balancerHost);
    }

    public SimulatedWorld World { get; }

    public EnvironmentDesired Desired { get; private set; } = new();

    public MachineState? Environment => World.StateOf(Dev);

    public MachineState? Cluster => World.StateOf(Demo);

    public static MachineAddress EtcdInstance(int index) => Etcd.Nested(MachineKind.Instance, $"{index}");

    public static MachineAddress ObjectOf(MachineAddress instance, string kind) => instance.Capability(kind, kind == ResourceKinds.Volume ? "data" : "main");

    /// <summary>Everything the quickstart declares, object by object; the image is nobody's own.</summary>
    public static IReadOnlyList<MachineAddress> Declared(int members = 3, bool publicZone = true, bool cluster = true) =>
    [
        Dev.Capability(ResourceKinds.Network, "outer"), Edge,
        Dev.Capability(ResourceKinds.DnsZone, "private"), .. OverrideKeys.StorageUses.Select(use => Dev.Capability(ResourceKinds.Bucket, use)),
        .. publicZone ? [Dev.Capability(ResourceKinds.DnsZone, "public")] : Array.Empty<MachineAddress>(),
        .. cluster ? OfCluster(members, publicZone) : [],
    ];

    public void Put(EnvironmentDesired desired)
    {
        Desired = desired;
        World.Apply(Dev, uid, ++generation, DesiredJson.Write(desired));
    }

    public void PutCluster(ClusterSpec spec, params string[] consent)
    {
        var decision = Acceptance.PutCluster(Desired, "demo", spec, Quickstart.NoMarks, Quickstart.NoMarks, null, [.. consent]);
        decision.Refusal.Should().BeNull();
        Keep(decision);
    }

    public void PutEnvironment(EnvironmentSpec spec) =>
        Keep(Acceptance.PutEnvironment(Desired, spec, Quickstart.NoMarks, Quickstart.NoMarks, null));

    public void DeleteCluster(bool consent) => Keep(Acceptance.DeleteCluster(Desired, "demo", consent));

    public void DeleteEnvironment(bool consent) => World.Delete(Dev, uid, consent);

    /// <summary>Begins the environment anew after it was deleted.</summary>
    public void BeginAgain(EnvironmentDesired desired)
    {
        uid += "+";
        generation = 0;
        Put(desired);
    }

    /// <summary>Applies the quickstart and runs until everything is ready and quiet.</summary>
    public QuickstartWorld Up()
    {
        Put(Quickstart.Desired());
        Settle();
        return this;
    }

    /// <summary>Runs until nothing is left to happen, which takes no machine hours.</summary>
    public void Settle() => World.Run(within: TimeSpan.FromHours(1));

    public SimulatedObject Object(MachineAddress owner) => World.Cloud.Living.Single(o => o.Owner == owner);

    public void Vanish(MachineAddress owner)
    {
        World.Cloud.Vanish(Object(owner).Id);
        World.Watch();
    }

    /// <summary>Everything is as declared, nothing else is there, and a needless wake-up leads to nothing.</summary>
    public void ShouldBeReady(IReadOnlyList<MachineAddress>? declared = null)
    {
        declared ??= Declared();
        World.Cloud.Living.Select(o => o.Owner).Should().BeEquivalentTo(declared);
        var living = World.Machines.Values.Select(m => m.State).Where(s => s.Phase != Phase.Deleted).ToList();
        living.Where(s => s.Phase != Phase.Ready).Select(s => $"{s.Address} {s.Phase} {s.Condition?.Message}").Should().BeEmpty();
        foreach (var made in World.Cloud.Living)
        {
            var state = World.StateOf(made.Owner)!;
            (state.Uid, state.Resource!.Object!.ObjectId, state.Desired!.Spec, made.Sound).Should().Be((made.Uid, made.Id, made.Parameters, true));
            ModelCloud.References(made.Kind, made.Parameters).Should().BeSubsetOf(World.Cloud.Living.Concat(World.Cloud.Shared).Select(o => o.Id), $"{made.Owner} names only what is there");
        }

        ShouldBeQuiet();
    }

    public void ShouldBeQuiet()
    {
        World.Machines.Values.Where(m => !m.State.AtRest).Select(m => m.State.Address).Should().BeEmpty();
        var before = (World.Commits, World.Calls);
        foreach (var address in World.Machines.Keys.ToList())
        {
            World.Wake(address);
        }

        Settle();
        (World.Commits, World.Calls).Should().Be(before);
    }

    private static IEnumerable<MachineAddress> OfCluster(int members, bool publicZone) =>
    [
        Demo.Capability(ResourceKinds.Authority, "etcd"), Demo.Capability(ResourceKinds.Network, "main"),
        Demo.Capability(ResourceKinds.EdgeAttachment, "main"), Demo.Capability(ResourceKinds.LoadBalancer, "etcd"),
        Demo.Capability(ResourceKinds.LoadBalancer, "ssh"),
        .. new[] { "bastion", "etcd" }.SelectMany(role => new[] { Demo.Capability(ResourceKinds.FirewallGroup, role), Demo.Capability(ResourceKinds.FirewallRules, role) }),
        .. publicZone ? [Demo.Capability(ResourceKinds.DnsRecordSet, "etcd")] : Array.Empty<MachineAddress>(),
        .. OfInstance(Bastion.Nested(MachineKind.Instance, "0")),
        .. Enumerable.Range(0, members).SelectMany(i => OfInstance(EtcdInstance(i)).Append(ObjectOf(EtcdInstance(i), ResourceKinds.Volume))),
    ];

    private static IEnumerable<MachineAddress> OfInstance(MachineAddress instance) =>
    [
        ObjectOf(instance, ResourceKinds.Machine), instance.Capability(ResourceKinds.DnsRecordSet, "host"), ObjectOf(instance, ResourceKinds.Bundle),
        ObjectOf(instance, ResourceKinds.AccessGrants), ObjectOf(instance, ResourceKinds.AccessIdentity),
        ObjectOf(instance, ResourceKinds.Convergence), ObjectOf(instance, ResourceKinds.LoadBalancerTarget),
    ];

    private void Keep(Decision decision) => Put(decision.Desired!);
}
