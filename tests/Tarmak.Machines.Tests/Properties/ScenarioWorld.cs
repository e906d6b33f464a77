using System.Text.Json;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Properties;

/// <summary>A world in which scenarios are played, and the rules that hold when it has come to rest.</summary>
internal sealed class ScenarioWorld
{
    public static readonly MachineAddress Demo = MachineAddress.OfCluster("dev", "demo");

    private readonly bool slow;
    private GraphSpec? wanted;
    private long generation;

    public ScenarioWorld(int seed, SimulationFaults? faults = null)
    {
        slow = faults?.SlowCall > 0;
        World = new SimulatedWorld(seed, faults);
        World.Use(MachineKind.Cluster, new GraphPlanner()).Use(MachineKind.InstancePool, new GraphPlanner());
        Offer("replay", UnknownResolution.Replay, TimeSpan.Zero);
        Offer("name", UnknownResolution.UniqueName, TimeSpan.FromSeconds(2));
        Offer("read", UnknownResolution.Read, TimeSpan.FromSeconds(5));
        Offer("slow", UnknownResolution.Replay, TimeSpan.FromSeconds(3), making: TimeSpan.FromSeconds(8));
        Offer("data", UnknownResolution.UniqueName, TimeSpan.FromSeconds(1), data: true);
        Offer("replace", UnknownResolution.Replay, TimeSpan.FromSeconds(3), replaces: true);
        Offer("named", UnknownResolution.UniqueName, TimeSpan.FromSeconds(2), named: true);
        Offer("shared", UnknownResolution.UniqueName, TimeSpan.FromSeconds(1), making: TimeSpan.FromSeconds(4), replaces: true, shared: true);
    }

    public SimulatedWorld World { get; }

    public MachineState? Cluster => World.StateOf(Demo);

    public bool IsReady => Cluster is { Phase: Phase.Ready } state && state.ObservedGeneration == generation;

    public void Apply(GraphSpec spec)
    {
        wanted = spec;
        World.Apply(Demo, "root", ++generation, JsonSerializer.Serialize(spec));
    }

    public void Delete()
    {
        wanted = null;
        World.Delete(Demo, "root", dataLossConsent: true);
    }

    public void Play(Scenario scenario)
    {
        // A slow call of a dead activation can put an old update back for a while, and with it the use of what goes.
        World.Cloud.OrderMatters = scenario.IsOneWay && !slow;
        foreach (var (seconds, number) in scenario.Drifts.Select((s, n) => (s, n)))
        {
            World.After(TimeSpan.FromSeconds(seconds), () => Drift(number));
        }

        for (var i = 0; i < scenario.Specs.Length; i++)
        {
            Apply(scenario.Specs[i]);
            World.Pass(TimeSpan.FromSeconds(scenario.Waits[i]));
        }

        if (scenario.Deletes)
        {
            Delete();
        }
    }

    /// <summary>Runs until nothing is left to happen, watcher included, and checks what must hold then.</summary>
    public void Settle()
    {
        // A watcher compares at a cadence, for long enough to have looked after the world turned kind.
        for (var minute = 1; minute <= 20; minute++)
        {
            World.After(TimeSpan.FromMinutes(minute), World.Watch);
        }

        World.Run();
        if (wanted is { } spec)
        {
            CheckReady(spec);
        }
        else
        {
            CheckGone();
        }

        CheckQuiet();
    }

    private void Drift(int number)
    {
        var living = World.Cloud.Living.OrderBy(o => o.Id, StringComparer.Ordinal).ToList();
        if (living.Count == 0)
        {
            return;
        }

        var chosen = living[number * 7 % living.Count];
        if (number % 2 == 0)
        {
            World.Cloud.Vanish(chosen.Id);
        }
        else
        {
            World.Cloud.Disturb(chosen.Id);
        }

        World.Watch();
    }

    private void CheckReady(GraphSpec spec)
    {
        Demand(IsReady, "the cluster is ready");
        var objects = spec.Objects(Demo).ToList();
        foreach (var (address, node) in objects)
        {
            var state = World.StateOf(address);
            Demand(state is { Phase: Phase.Ready, Outputs: not null }, $"{address} is ready with outputs");
            if (node.Kind == "shared")
            {
                Demand(World.Cloud.IsAs(state!.Resource!.Object!.ObjectId, state.Desired!.Spec), $"{address} has what it asked for");
                continue;
            }

            var living = World.Cloud.Living.Where(o => o.Owner == address).ToList();
            Demand(living.Count == 1, $"{address} has one object, not {living.Count}");
            Demand(living[0].Id == state!.Resource!.Object!.ObjectId && living[0].Uid == state.Uid, $"{address} knows its object");
            var made = ResourceJson.Read<DnsRecordSetSpec>(living[0].Parameters);
            Demand(made.TtlSeconds == node.Size && living[0].Sound, $"{address} is as declared");
            Demand(made.Values.Length == node.Reads.Length, $"{address} names what it reads");
        }

        Demand(World.Cloud.Living.Count() == objects.Count(o => o.Node.Kind != "shared"), "nothing else is there");
        foreach (var state in World.Machines.Values.Select(m => m.State).Where(s => s.Phase != Phase.Deleted))
        {
            Demand(state.Phase == Phase.Ready, $"{state.Address} is ready");
            Demand(state.Children.All(c => World.StateOf(c.Value.Address)?.ToStatus() == c.Value.Status), $"{state.Address} knows its children");
        }
    }

    private void CheckGone()
    {
        Demand(Cluster is { Phase: Phase.Deleted }, "the cluster is gone");
        Demand(!World.Cloud.Living.Any(), "nothing is left");
        Demand(World.Machines.Values.All(m => m.State.Phase == Phase.Deleted), "every machine is gone");
    }

    /// <summary>Cost follows change: in a settled world a needless wake-up leads to nothing.</summary>
    private void CheckQuiet()
    {
        Demand(World.Machines.Values.All(m => m.State.AtRest), "every machine is at rest");
        var (commits, calls) = (World.Commits, World.Calls);
        foreach (var address in World.Machines.Keys.ToList())
        {
            World.Wake(address);
        }

        World.Run();
        Demand(commits == World.Commits && calls == World.Calls, "a settled world makes no commits and no calls");
    }

    private void Demand(bool holds, string what)
    {
        if (!holds)
        {
            throw World.Failure($"Not so: {what}.");
        }
    }

    private void Offer(string kind, UnknownResolution resolution, TimeSpan visible, TimeSpan? making = null, bool data = false, bool replaces = false, bool shared = false, bool named = false) =>
        World.Cloud.Offer(new SimulatedKind
        {
            Traits = new ResourceTraits
            {
                Kind = kind,
                EnsureResolution = resolution,
                VisibilityBound = visible,
                CallDeadline = TimeSpan.FromSeconds(20),
                HoldsData = data,
                Shared = shared,
                Compare = (was, now) => was == now ? ChangeEffect.None : replaces ? ChangeEffect.Replace : ChangeEffect.Update,
            },
            Outputs = (id, _) => ResourceJson.Write(new DnsRecordSetOutputs(id)),
            References = p => ResourceJson.Read<DnsRecordSetSpec>(p).Values.Where(v => v != "nothing" && !v.StartsWith("of ", StringComparison.Ordinal)),
            NamedIds = named,
            Making = making ?? TimeSpan.Zero,
            Unmaking = making / 2 ?? TimeSpan.Zero,
        });
}
