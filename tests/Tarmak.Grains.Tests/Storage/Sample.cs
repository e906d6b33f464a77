using System.Collections.Immutable;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Storage;

/// <summary>States to store.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static ImmutableArray<MachineEvent> NoEvents => [];

    public static MachineAddress Demo => MachineAddress.OfCluster("dev", "demo");

    public static MachineState State(MachineAddress address, long generation = 1, Phase phase = Phase.Pending) => new()
    {
        Address = address,
        Uid = $"uid-{address.Key}",
        Desired = new Desired(generation, $$"""{"n":{{generation}}}""", $"hash-{generation}", Deleting: false, DataLossConsent: false),
        Phase = phase,
        PhaseSince = Noon.AddTicks(generation),
        CreatedAt = Noon,
    };

    /// <summary>A state with every member of its inventory row filled.</summary>
    public static MachineState FullState()
    {
        var address = Demo.Capability("volume", "data");
        var child = new MachineAddress(MachineKind.Capability, "dev/demo#x/y");
        var condition = new Condition("Waiting", "Waits for \"its\" network — don't worry.", Noon.AddMinutes(3).AddTicks(7));
        return State(address, 3, Phase.Degraded) with
        {
            Parent = new ParentLink(Demo, "uid-parent"),
            ObservedGeneration = 2,
            Condition = condition,
            Outputs = """{"address":"10.0.0.1"}""",
            Resource = new ResourceLedger { Provider = "laptop", Object = new ResourceObject("id-1", true, "{}", "h", Noon) },
            Children = ImmutableSortedDictionary<string, ChildRecord>.Empty.Add(
                "y",
                new ChildRecord
                {
                    Address = child,
                    Uid = "u",
                    SpecHash = "h",
                    Generation = 1,
                    Status = new ChildStatus(child, "u", 1, 1, "h", Phase.Ready, null, null),
                }),
        };
    }

    public static MachineEvent Event(string message) => new(false, "Tested", message);
}
