using System.Diagnostics;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Machines;

namespace Tarmak.Grains.Tests.Storage;

public sealed class CrashTests : IDisposable
{
    private const int Machines = 8;
    private readonly TemporaryHome _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(700)]
    public async Task Database_WriterKilledMidStream_KeepsEveryAcknowledgedWriteWhole(int writesBeforeTheKill)
    {
        var acknowledged = await WriteUntilKilledAsync(writesBeforeTheKill);

        using var database = _home.Open();
        var store = new SqliteMachineStore(database, TimeProvider.System);
        var inventory = new SqliteInventory(database);
        var rows = (await inventory.ListAsync(new InventoryQuery(), Token)).Rows.ToDictionary(row => row.Row.Address.Key);
        var events = await inventory.EventsAsync("", EventCursor.Start, follow: false, Token).ToListAsync(Token);
        foreach (var (key, row) in rows)
        {
            var stored = await store.ReadAsync(row.Row.Address, Token);
            var mine = events.Where(e => e.Address.Key == key).ToList();
            var last = row.Row.Generation;

            // State, row and events are of the same write, and no event of an earlier one is missing.
            stored!.State.Revision.Should().Be(last);
            stored.ETag.Should().Be($"{row.Revision}");
            mine.Select(e => (e.Event.Reason, e.Event.Message)).Should().Equal(
                Enumerable.Range(1, (int)last).SelectMany(n => new[] { ("First", $"{n}"), ("Second", $"{n}") }));
            mine[^1].Revision.Should().Be(row.Revision);
        }

        foreach (var (key, number) in acknowledged)
        {
            rows[key].Row.Generation.Should().BeGreaterThanOrEqualTo(number);
        }
    }

    private async Task<Dictionary<string, long>> WriteUntilKilledAsync(int writesBeforeTheKill)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Tarmak.Grains.Victim"))
        {
            RedirectStandardOutput = true,
            ArgumentList = { _home.Path, $"{Machines}" },
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../.."));
        using var victim = Process.Start(start)!;
        var acknowledged = new Dictionary<string, long>();
        var count = 0;
        while (await victim.StandardOutput.ReadLineAsync(Token) is { } line)
        {
            if (line.Split(' ') is [var key, var number])
            {
                acknowledged[key] = long.Parse(number);
            }

            if (++count == writesBeforeTheKill)
            {
                victim.Kill();
            }
        }

        await victim.WaitForExitAsync(Token);
        count.Should().BeGreaterThanOrEqualTo(writesBeforeTheKill);
        return acknowledged;
    }
}
