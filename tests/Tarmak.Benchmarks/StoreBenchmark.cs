using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Benchmarks;

/// <summary>
/// Writes per second of the engine's store against Orleans' AdoNet persistence as it comes, on SQLite files on the same
/// disk, in the same run: states of 4 KB, 64 callers, each flushed to disk. The engine's store also keeps the inventory
/// row and an event in each of its writes.
/// </summary>
internal static class StoreBenchmark
{
    private const int Callers = 64;
    private const int StateSize = 4096;
    private const string Stock = "stock";

    public static async Task RunAsync(TimeSpan duration)
    {
        var home = Directory.CreateTempSubdirectory("tarmak-benchmark-").FullName;
        try
        {
            Console.WriteLine($"{Callers} callers, {StateSize} byte states, {duration.TotalSeconds:N0} s each, {Environment.ProcessorCount} cores, {home}");
            var ours = await MeasureOursAsync(Path.Combine(home, "ours"), duration);
            Console.WriteLine(ours);
            var stock = await MeasureStockAsync(Path.Combine(home, "stock"), duration);
            Console.WriteLine(stock);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {ours.PerSecond / stock.PerSecond:N1}"));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<Load> MeasureOursAsync(string home, TimeSpan duration)
    {
        await using var database = EngineDatabase.Open(home, TimeProvider.System);
        var store = new SqliteMachineStore(database, TimeProvider.System);
        var round = 0;
        return await Load.MeasureAsync("engine's store, group commit, row and event", Callers, duration, caller =>
        {
            var state = StateOf($"c{caller}r{Interlocked.Increment(ref round)}");
            string? etag = null;
            return async () => etag = await store.WriteAsync(
                state, etag, [new MachineEvent(false, "Stepped", "One step was done.")], CancellationToken.None);
        });
    }

    private static async Task<Load> MeasureStockAsync(string home, TimeSpan duration)
    {
        // The schema is the engine's, with its primary key; the driver and the provider are as they come.
        string path;
        await using (var database = EngineDatabase.Open(home, TimeProvider.System))
        {
            path = database.Path;
        }

        using var host = Host.CreateDefaultBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseOrleans(silo => silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: FreePort()).AddAdoNetGrainStorage(Stock, options =>
            {
                options.Invariant = "System.Data.SQLite";
                options.ConnectionString = $"Data Source={path}";
            }))
            .Build();
        await host.StartAsync();
        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>(Stock);
        var round = 0;
        var load = await Load.MeasureAsync("Orleans AdoNet persistence, state alone", Callers, duration, caller =>
        {
            var id = GrainId.Create("benchmark", $"c{caller}r{Interlocked.Increment(ref round)}");
            var state = new GrainState<Payload>(new Payload { Text = new string('x', StateSize) });
            return () => storage.WriteStateAsync("benchmark", id, state);
        });
        await host.StopAsync();
        return load;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static MachineState StateOf(string name)
    {
        var state = new MachineState
        {
            Address = MachineAddress.OfCluster("dev", name),
            Uid = "5b0f6d3e",
            Desired = new Desired(1, "{}", "hash", Deleting: false, DataLossConsent: false),
        };
        return state with { TraceParent = new string('x', StateSize - MachineJson.Write(state).Length) };
    }

    /// <summary>A state of one text.</summary>
    internal sealed class Payload
    {
        public string Text { get; set; } = "";
    }
}
