using Microsoft.Extensions.Logging.Abstractions;
using Tarmak.Grains.Exports;

namespace Tarmak.Grains.Tests.Exports;

public sealed class StateExporterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ExportStandings standings = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exporter_Starts_ExportsWhatIsThere()
    {
        using var home = await new ExportedHome().FillAsync("a");
        using var exporter = await StartAsync(home);

        await SeeAsync(home, () => standings.Find("dev") is { At: not null, BehindSince: null, Failure: null });

        home.Parts.Should().HaveCount(2);
        await exporter.StopAsync(Token);
    }

    [Fact]
    public async Task Exporter_ChangesWithoutEnd_AreExportedAllTheSame()
    {
        using var home = await new ExportedHome().FillAsync("a");
        using var exporter = await StartAsync(home);
        await SeeAsync(home, () => standings.Find("dev") is { At: not null });
        var first = standings.Find("dev")!.At;

        // A change every half second never lets it become quiet.
        await SeeAsync(home, () => standings.Find("dev")!.At > first, TimeSpan.FromSeconds(0.5), () => home.ChangeAsync("a"));

        (standings.Find("dev")!.At - first).Should().BeLessThan(StateExporter.Longest * 2);
        await exporter.StopAsync(Token);
    }

    [Fact]
    public async Task Exporter_StoreSilent_SaysWhyAndIsUpToDateOnceItAnswers()
    {
        using var home = await new ExportedHome().FillAsync("a");
        home.Buckets.Silent = true;
        using var exporter = await StartAsync(home);
        await SeeAsync(home, () => standings.Find("dev") is { Failure: "The buckets do not answer." });
        var calls = home.Buckets.Calls;
        await SeeAsync(home, () => home.Buckets.Calls > calls);
        await home.ChangeAsync("b");
        home.Buckets.Silent = false;

        await SeeAsync(home, () => standings.Find("dev") is { Failure: null, BehindSince: null });

        home.Parts.Should().HaveCount(3);
        await exporter.StopAsync(Token);
    }

    [Fact]
    public async Task Exporter_Stops_ExportsWhatChangedLast()
    {
        using var home = await new ExportedHome().FillAsync("a");
        using var exporter = await StartAsync(home);
        await SeeAsync(home, () => standings.Find("dev") is { At: not null });
        await home.ChangeAsync("b");

        await exporter.StopAsync(Token);

        home.Parts.Should().HaveCount(3);
    }

    private async Task<StateExporter> StartAsync(ExportedHome home)
    {
        var exporter = new StateExporter(home.Services, home.Database, standings, new ExportInstruments(), NullLogger<StateExporter>.Instance);
        await exporter.StartAsync(Token);
        return exporter;
    }

    /// <summary>Lets the clock run until something is so: what works in the background takes its own time between two steps.</summary>
    private static async Task SeeAsync(ExportedHome home, Func<bool> isSo, TimeSpan? step = null, Func<Task>? between = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (!isSo())
        {
            limit.Token.ThrowIfCancellationRequested();
            if (between is not null)
            {
                await between();
            }

            home.Time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Task.Delay(5, limit.Token);
        }
    }
}
