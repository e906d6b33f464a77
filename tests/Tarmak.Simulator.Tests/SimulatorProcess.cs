using System.Diagnostics;
using System.Net.Sockets;
using Tarmak.Providers;
using Tarmak.Providers.Simulated;

namespace Tarmak.Simulator.Tests;

/// <summary>The program, started, killed and started again on one folder.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    /// <summary>No waiting and nothing stale: tests here are about what is kept.</summary>
    private const string Scenario = """
        visibility: 0s
        latency: { describe: { median: 0s, p99: 0s }, list: { median: 0s, p99: 0s }, create: { median: 0s, p99: 0s }, update: { median: 0s, p99: 0s }, delete: { median: 0s, p99: 0s },
          readRecord: { median: 0s, p99: 0s }, createRecord: { median: 0s, p99: 0s }, setRecord: { median: 0s, p99: 0s }, deleteRecord: { median: 0s, p99: 0s }, listRecords: { median: 0s, p99: 0s },
          readContent: { median: 0s, p99: 0s }, writeContent: { median: 0s, p99: 0s }, deleteContent: { median: 0s, p99: 0s }, listContents: { median: 0s, p99: 0s } }
        limits: { records: { burst: 1000000, perSecond: 1000000 }, storage: { burst: 1000000, perSecond: 1000000 }, dns: { burst: 1000000, perSecond: 1000000 } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("tarmak-simulator-").FullName;
    private readonly SimulatedProviderFactory factory = new(TimeProvider.System);
    private Process? process;

    public SimulatorProcess() => File.WriteAllText(ScenarioFile, Scenario);

    public string Log => Path.Combine(folder, "data", "changes.log");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Socket => Path.Combine(folder, "s", "sim.sock");

    private string ScenarioFile => Path.Combine(folder, "scenario.yaml");

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        process = Launch();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(Patience);
        while (true)
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await probe.ConnectAsync(new UnixDomainSocketEndPoint(Socket), patience.Token);
                return;
            }
            catch (SocketException)
            {
                process.HasExited.Should().BeFalse("it should run");
                await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
            }
        }
    }

    /// <summary>Starts it where it cannot run, and gives what it says.</summary>
    public async Task<(int Code, string Said)> FailAsync(params string[] arguments)
    {
        using var failing = Launch(arguments);
        var said = await failing.StandardError.ReadToEndAsync(Token);
        await failing.WaitForExitAsync(Token);
        return (failing.ExitCode, said);
    }

    /// <summary>Kills it, whatever it does.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync(Token);
        process.Dispose();
        process = null;
    }

    /// <summary>The provider as an engine has it.</summary>
    public IProvider Open(string name = "sim", string installation = "i", string? scenario = null) => factory.Create(
        new ProviderSettings(name, "simulated", installation, folder, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ProviderOptions.Host] = $"unix://{Socket}",
            [ProviderOptions.Scenario] = scenario ?? ScenarioFile,
        }),
        null!);

    public string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private Process Launch(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "tarmak-simulator")) { RedirectStandardError = true };
        string[] usual = ["--socket", Socket, "--data", Path.Combine(folder, "data"), "--scenario", ScenarioFile];
        foreach (var argument in arguments.Length > 0 ? arguments : usual)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
