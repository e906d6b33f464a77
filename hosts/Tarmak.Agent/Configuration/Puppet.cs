using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Tarmak.Agent.Configuration;

/// <summary>Runs Puppet, one run at a time, in a process group of its own that is ended with the run.</summary>
/// <param name="paths">Where files are.</param>
/// <param name="executable">The program.</param>
/// <param name="limit">How long a run may last.</param>
/// <param name="log">The journal.</param>
internal sealed partial class Puppet(AgentPaths paths, string executable, TimeSpan limit, AgentLog log)
{
    private const string RubyCache = "/usr/lib/tarmak/ruby-cache.rb";

    private const int LongestTail = 4000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Applies the bundle in force.</summary>
    /// <param name="cancellationToken">Ends the run; the whole group is then ended.</param>
    /// <returns>How it ended.</returns>
    public async Task<PuppetOutcome> ApplyAsync(CancellationToken cancellationToken)
    {
        AgentFiles.MakePrivateDirectory(paths.PuppetDirectory);
        File.Delete(paths.Report);
        using Process process = new() { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return PuppetOutcome.Failure($"Puppet could not be started: {exception.Message}.");
        }

        process.StandardInput.Close();
        Tail errors = new();
        Task reading = Task.WhenAll(
            ForwardAsync(process.StandardOutput, null),
            ForwardAsync(process.StandardError, errors));
        bool inTime = await EndAsync(process, cancellationToken).ConfigureAwait(false);

        // What the run left behind would hold the pipes open and go on changing the machine unseen.
        Native.SignalGroup(process.Id, Native.Kill);
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return inTime
            ? PuppetOutcome.From(process.ExitCode, PuppetReport.Read(paths.Report), errors.ToString())
            : PuppetOutcome.Failure($"Puppet was stopped after {limit.TotalSeconds:0} seconds.");
    }

    private ProcessStartInfo StartInfo()
    {
        // setsid gives the run its own process group and then becomes Puppet: the process id stays.
        ProcessStartInfo start = new("/usr/bin/setsid")
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(executable);
        start.ArgumentList.Add("apply");
        start.ArgumentList.Add("--config");
        start.ArgumentList.Add(Path.Combine(paths.CurrentBundle, "puppet.conf"));
        start.ArgumentList.Add("--detailed-exitcodes");
        start.ArgumentList.Add(Path.Combine(paths.CurrentBundle, "site.pp"));
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/root";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["LC_ALL"] = "C.UTF-8";
        if (File.Exists(RubyCache))
        {
            // Puppet's sources compiled beforehand, where the image has them: half the time of a run.
            start.Environment["RUBYOPT"] = $"-r{RubyCache}";
        }

        return start;
    }

    /// <summary>Waits for the end; false where it had to be brought about.</summary>
    private async Task<bool> EndAsync(Process process, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            Native.SignalGroup(process.Id, Native.Terminate);
        }

        using CancellationTokenSource grace = new(Grace);
        try
        {
            await process.WaitForExitAsync(grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Native.SignalGroup(process.Id, Native.Kill);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return false;
    }

    private async Task ForwardAsync(StreamReader reader, Tail? tail)
    {
        try
        {
            while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } raw)
            {
                string line = Colour().Replace(raw, string.Empty);
                tail?.Add(line);
                log.Info("Puppet says.", ("line", line));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            log.Warning("Puppet's output could not be read to its end.", ("error", exception.Message));
        }
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex Colour();

    /// <summary>The last of a text.</summary>
    private sealed class Tail
    {
        private readonly StringBuilder _text = new();

        public void Add(string line)
        {
            lock (_text)
            {
                _text.Append(line.AsSpan(0, Math.Min(line.Length, LongestTail))).Append('\n');
                if (_text.Length > LongestTail)
                {
                    _text.Remove(0, _text.Length - LongestTail);
                }
            }
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString().Trim();
            }
        }
    }
}
