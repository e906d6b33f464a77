using System.ComponentModel;
using System.Globalization;
using Grpc.Core;
using Tarmak.Cli.Output;
using Tarmak.Cli.Ssh;

namespace Tarmak.Cli.Engine;

/// <summary>The engine as a detached process of this user.</summary>
internal sealed class DetachedEngine : IEngineProcess
{
    private const long LargestLog = 32 * 1024 * 1024;
    private static readonly TimeSpan s_startDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly EngineHome _home;
    private readonly Func<string> _binary;
    private readonly TimeProvider _time;

    /// <summary>Speaks of the engine of one home.</summary>
    /// <param name="home">The home.</param>
    /// <param name="binary">Finds the engine's program.</param>
    /// <param name="time">The clock.</param>
    public DetachedEngine(EngineHome home, Func<string> binary, TimeProvider time)
    {
        _home = home;
        _binary = binary;
        _time = time;
    }

    /// <inheritdoc/>
    public int? RunningPid()
    {
        // The engine writes its id while it holds the lock, so an id beside a held lock is the holder's. A process
        // that merely inherited the number of an engine that died holds no lock and is not named so.
        if (ReadPid() is not { } pid || !ProcessTable.IsAlive(pid) || !IsLocked())
        {
            return null;
        }

        return ProcessTable.CommandNames(pid, _home.Directory) ? pid : null;
    }

    /// <inheritdoc/>
    public async Task<EngineStart> StartAsync(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        using var connection = new EngineConnection(_home);
        if (await AskVersionAsync(connection, cancellationToken) is { } running)
        {
            return new EngineStart(false, running, TimeSpan.Zero);
        }

        var (program, arguments) = Command();
        _home.Create();
        await SshKeyPair.EnsureAsync(_home, cancellationToken);
        var logged = PrepareLog();
        var process = Spawn(program, arguments);
        var ended = false;
        while (_time.GetElapsedTime(begun) < s_startDeadline)
        {
            if (await AskVersionAsync(connection, cancellationToken) is { } version)
            {
                return new EngineStart(!ended, version, _time.GetElapsedTime(begun));
            }

            ended = ended || process.HasEnded();
            // Of two starts at once one engine gets the lock and the other gives way: go on with the one that stayed.
            if (ended && !IsLocked())
            {
                throw new CliException(LastSentence(logged) ?? $"The engine ended at once and said nothing; {_home.Log} may hold more.");
            }

            await Task.Delay(s_pause, _time, cancellationToken);
        }

        throw new CliException($"The engine did not answer within {Durations.Short(s_startDeadline)}; {_home.Log} says what it is doing.");
    }

    /// <inheritdoc/>
    public Task<PlanResponse> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        var (program, arguments) = Command("--plan");
        return new EngineErrand("plan", TimeSpan.FromSeconds(60)).RunAsync(program, arguments, request, PlanResponse.Parser, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecoverResponse> RecoverAsync(RecoverRequest request, CancellationToken cancellationToken)
    {
        var (program, arguments) = Command("--recover");
        _home.Create();
        return new EngineErrand("recover", TimeSpan.FromMinutes(10)).RunAsync(program, arguments, request, RecoverResponse.Parser, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (RunningPid() is not { } pid)
        {
            return false;
        }

        if (LibC.Kill(pid, LibC.SigTerm) != 0)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"The engine (process {pid}) belongs to another user and was left running."));
        }

        var begun = _time.GetTimestamp();
        while (ProcessTable.IsAlive(pid))
        {
            if (_time.GetElapsedTime(begun) > s_stopDeadline)
            {
                throw new CliException(
                    string.Create(CultureInfo.InvariantCulture, $"The engine (process {pid}) was asked to end {Durations.Short(s_stopDeadline)} ago and still runs; {_home.Log} says what it is doing."),
                    ExitCode.TimedOut);
            }

            await Task.Delay(s_pause, _time, cancellationToken);
        }

        return true;
    }

    private static async Task<string?> AskVersionAsync(EngineConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.Client.VersionAsync(new VersionRequest(), deadline: DateTime.UtcNow.AddSeconds(5), cancellationToken: cancellationToken);
            return answer.Version;
        }
        catch (RpcException failure) when (RpcFailure.IsLostConnection(failure) || failure.StatusCode == StatusCode.DeadlineExceeded)
        {
            return null;
        }
    }

    private (string Program, IReadOnlyList<string> Arguments) Command(params string[] more)
    {
        var program = _binary();
        string[] arguments = ["--home", _home.Directory, .. more];
        return program.EndsWith(".dll", StringComparison.Ordinal)
            ? (ProgramPath.Find("dotnet") ?? throw new CliException("dotnet was not found in PATH, and TARMAK_ENGINE names a .dll."), [program, .. arguments])
            : (program, arguments);
    }

    private DetachedProcess Spawn(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            return DetachedProcess.Start(program, arguments, _home.Log, _home.Directory);
        }
        catch (Win32Exception exception)
        {
            throw new CliException($"The engine {program} could not be started: {exception.Message}.", exception);
        }
    }

    private long PrepareLog()
    {
        var log = new FileInfo(_home.Log);
        if (log.Exists && log.Length > LargestLog)
        {
            log.MoveTo(_home.Log + ".1", overwrite: true);
        }

        using var file = new FileStream(_home.Log, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        return file.Position;
    }

    private string? LastSentence(long from)
    {
        using var file = new FileStream(_home.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Min(from, file.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return LastWords.Of(reader);
    }

    private int? ReadPid()
    {
        try
        {
            var text = File.ReadAllText(_home.PidFile).Trim();
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 1 ? pid : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsLocked()
    {
        try
        {
            using var file = new FileStream(_home.LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
