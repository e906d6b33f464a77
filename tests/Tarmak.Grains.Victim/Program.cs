using System.Collections.Immutable;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

// Arguments: the home, and how many machines are written at the same time. Each write is told on standard output once it
// was acknowledged: key and number. The n-th write of a machine has generation n and two events that name n.
using var database = EngineDatabase.Open(args[0], TimeProvider.System);
var store = new SqliteMachineStore(database, TimeProvider.System);
await Task.WhenAll(Enumerable.Range(0, int.Parse(args[1])).Select(WriteForeverAsync));

async Task WriteForeverAsync(int machine)
{
    var address = MachineAddress.OfCluster("dev", $"c{machine}");
    string? etag = null;
    for (var n = 1L; ; n++)
    {
        var state = new MachineState
        {
            Address = address,
            Uid = "uid",
            Desired = new Desired(n, $$"""{"padding":"{{new string('x', 4000)}}"}""", "hash", Deleting: false, DataLossConsent: false),
            Revision = n,
        };
        ImmutableArray<MachineEvent> events = [new(false, "First", $"{n}"), new(false, "Second", $"{n}")];
        etag = await store.WriteAsync(state, etag, events, CancellationToken.None);
        await Console.Out.WriteLineAsync($"{address.Key} {n}");
    }
}
