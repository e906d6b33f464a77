using System.Diagnostics;
using System.Globalization;

namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>An installation with a home of its own, driven through <c>./tarmak</c> as its user would.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly Dictionary<string, string> environment;

    private Installation(string home, string manifest, string? engineSocket, IReadOnlyDictionary<string, string>? variables)
    {
        Home = home;
        Manifest = manifest;
        environment = new(variables ?? new Dictionary<string, string>()) { ["TARMAK_HOME"] = home, ["NO_COLOR"] = "1" };
        if (engineSocket is not null)
        {
            environment["DOCKER_HOST"] = $"unix://{engineSocket}";
        }
    }

    public string Home { get; }

    public string Manifest { get; }

    /// <summary>Makes an installation for the quickstart's manifest with another network, so that it stands beside others.</summary>
    public static Task<Installation> CreateAsync(
        string networkCidr, string? engineSocket = null, IReadOnlyDictionary<string, string>? variables = null) =>
        OfExampleAsync(Checkout.Quickstart, text => text.Replace("10.99.0.0/16", networkCidr, StringComparison.Ordinal), engineSocket, variables);

    /// <summary>Makes an installation for an example's manifest.</summary>
    public static async Task<Installation> OfExampleAsync(
        string example, Func<string, string> change, string? engineSocket = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        var home = Directory.CreateTempSubdirectory("tarmak-e2e-").FullName;
        var manifest = Path.Combine(Path.GetDirectoryName(home)!, Path.GetFileName(home) + ".yaml");
        await File.WriteAllTextAsync(manifest, change(await File.ReadAllTextAsync(example)));
        return new Installation(home, manifest, engineSocket, variables);
    }

    public Task<ShellResult> TarmakAsync(CancellationToken cancellationToken, params string[] arguments) =>
        TarmakAsync(TimeSpan.FromMinutes(6), cancellationToken, arguments);

    public Task<ShellResult> TarmakAsync(TimeSpan deadline, CancellationToken cancellationToken, params string[] arguments) =>
        Shell.RunAsync(Path.Combine(Checkout.Root, "tarmak"), arguments, environment, deadline, cancellationToken);

    public async Task<string> MustAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await TarmakAsync(cancellationToken, arguments);
        result.ExitCode.Should().Be(0, "tarmak {0} should succeed, but said:\n{1}\nengine.log:\n{2}", string.Join(' ', arguments), result.Output, LogTail());
        return result.Output;
    }

    public Task<string> UpAsync(CancellationToken cancellationToken) => MustAsync(cancellationToken, "up", "-f", Manifest);

    /// <summary>The line of <c>get clusters</c> about the cluster while it is in a phase; else null.</summary>
    public async Task<string?> PhaseAsync(string phase, CancellationToken cancellationToken)
    {
        var line = await MustAsync(cancellationToken, "get", "clusters", "dev/demo");
        return line.Contains($" {phase} ", StringComparison.Ordinal) ? line : null;
    }

    public int EnginePid() => int.Parse(File.ReadAllText(Path.Combine(Home, "engine.pid")).Trim(), CultureInfo.InvariantCulture);

    /// <summary>Ends the engine as a crash would.</summary>
    public async Task KillEngineAsync(CancellationToken cancellationToken)
    {
        using var engine = Process.GetProcessById(EnginePid());
        engine.Kill();
        await engine.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Identity that every object of this installation carries.</summary>
    public string Identity() => File.ReadAllText(Path.Combine(Home, "installation")).Trim();

    public string LogTail()
    {
        var log = Path.Combine(Home, "engine.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(60)) : "(no log)";
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever a failed test left goes the way a user would remove it.
        if (Directory.Exists(Home))
        {
            await TarmakAsync(CancellationToken.None, "delete", "-f", Manifest, "--yes", "--allow-data-loss", "all");
            await TarmakAsync(CancellationToken.None, "down");
            Directory.Delete(Home, recursive: true);
        }

        File.Delete(Manifest);
    }
}
