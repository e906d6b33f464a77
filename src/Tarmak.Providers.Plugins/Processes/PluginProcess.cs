using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>
/// A plugin's process. Its standard input gives it, on one line, where to listen and the token of its callers, and stays open
/// as long as the engine lives: at its end, however the engine ended, the process has to go.
/// </summary>
internal sealed partial class PluginProcess : IAsyncDisposable
{
    /// <summary>What every process may see of the engine's environment.</summary>
    private static readonly string[] Passed = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "LOGNAME"];

    private readonly Process process;
    private readonly DirectoryInfo folder;
    private readonly CancellationTokenSource reading = new();
    private readonly PluginOutput errors;
    private readonly Task drained;
    private readonly PluginLimits limits;
    private readonly TimeProvider time;

    private PluginProcess(Process process, DirectoryInfo folder, string token, InstalledPlugin plugin, PluginLimits limits, ILogger logger, TimeProvider time)
    {
        this.process = process;
        this.folder = folder;
        this.limits = limits;
        this.time = time;
        Token = token;
        SocketPath = Path.Combine(folder.FullName, "plugin.sock");
        errors = new PluginOutput(process.StandardError.BaseStream, limits, line => LogLine(logger, plugin.Type, line), time);
        var output = new PluginOutput(process.StandardOutput.BaseStream, limits, line => LogLine(logger, plugin.Type, line), time);
        drained = Task.WhenAll(errors.DrainAsync(reading.Token), output.DrainAsync(reading.Token));
        Exited = FollowAsync();
    }

    /// <summary>Where it listens.</summary>
    public string SocketPath { get; }

    /// <summary>What every call to it must carry: another process of the same user does not know it.</summary>
    public string Token { get; }

    /// <summary>Ends with the process.</summary>
    public Task Exited { get; }

    /// <summary>How it ended, in words.</summary>
    public string Ending { get; private set; } = "does not end";

    /// <summary>The last it wrote on standard error. Not to be shown once it was trusted with a secret.</summary>
    public IReadOnlyList<string> LastWords => errors.Last;

    /// <summary>Starts a plugin.</summary>
    /// <exception cref="ProviderException">Its program cannot be started.</exception>
    public static async Task<PluginProcess> StartAsync(InstalledPlugin plugin, PluginLimits limits, ILogger logger, TimeProvider time)
    {
        var program = plugin.File.Command[0];
        var start = new ProcessStartInfo(program.Contains('/', StringComparison.Ordinal) ? Path.GetFullPath(program, plugin.Folder) : program, plugin.File.Command.Skip(1))
        {
            WorkingDirectory = plugin.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var name in Passed.Concat(plugin.File.Environment))
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        // Its owner's alone, and short: a socket's path has 107 bytes at most.
        var folder = Directory.CreateTempSubdirectory("tarmak-plugin-");
        PluginProcess? started = null;
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} gave no process.");
            started = new PluginProcess(process, folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), plugin, limits, logger, time);
            await started.GreetAsync().ConfigureAwait(false);
            return started;
        }
        catch (Win32Exception refused)
        {
            folder.Delete(recursive: true);
            throw new ProviderException(
                ErrorClass.Terminal, $"Plugin {plugin.Type} cannot be started: {program}: {refused.Message}; install it, or mend command in {Path.Combine(plugin.Folder, PluginFile.Name)}.", refused);
        }
        catch (IOException)
        {
            // It ended before it read a line; the handshake tells how.
            return started!;
        }
    }

    /// <summary>Ends it at once, with what it started.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It ended by itself.
        }
    }

    /// <summary>Tells it to go.</summary>
    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It reads no more.
        }
    }

    /// <summary>Has it end by itself, and ends it where it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        CloseInput();
        try
        {
            await Exited.WaitAsync(limits.Leaving, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Kill();
            await Exited.ConfigureAwait(false);
        }

        // What it started may hold its pipes open; nobody waits for that.
        await reading.CancelAsync().ConfigureAwait(false);
        await Task.WhenAny(drained, Task.Delay(limits.Leaving, time)).ConfigureAwait(false);
        reading.Dispose();
        process.Dispose();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It cleared up itself.
        }
    }

    private async Task FollowAsync()
    {
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        Ending = process.ExitCode > 128
            ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {process.ExitCode - 128}")
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {process.ExitCode}");
    }

    private async Task GreetAsync()
    {
        var input = process.StandardInput.BaseStream;
        var greeting = new Greeting(SocketPath, Token);
        await input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(greeting, GreetingJson.Default.Greeting)).ConfigureAwait(false);
        await input.WriteAsync("\n"u8.ToArray()).ConfigureAwait(false);
        await input.FlushAsync().ConfigureAwait(false);
    }

    [LoggerMessage(1401, LogLevel.Debug, "Plugin {Plugin} writes: {Line}")]
    private static partial void LogLine(ILogger logger, string plugin, string line);
}
