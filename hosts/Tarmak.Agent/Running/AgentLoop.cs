using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Tarmak.Agent.Bundles;
using Tarmak.Agent.Configuration;
using Tarmak.Agent.Trust;
using Tarmak.Api.Agent.V1;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Agent.Running;

/// <summary>
/// What an agent does as long as it lives: be enrolled, hold the bundle in force, converge, report. Whatever fails is
/// tried again; while the engine is away the last bundle stays in force and is applied all the same.
/// </summary>
internal sealed class AgentLoop : IDisposable
{
    private const int LongestWaitSeconds = 50;
    private const int MostPostponements = 5;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    private readonly AgentSettings _settings;
    private readonly AgentPaths _paths;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly AgentLog _log;
    private readonly PinnedAuthority _pinned;
    private readonly AgentIdentity _identity;
    private readonly BundleStore _bundles;
    private readonly CertificateFiles _certificates;
    private readonly SecretFiles _secrets;
    private readonly Puppet _puppet;
    private readonly RunSchedule _schedule;
    private readonly Reports _reports;
    private AgentState _state = new();
    private GrpcChannel? _channel;
    private AgentContract.AgentClient? _engine;
    private string? _refused;
    private TimeSpan? _cadence;
    private int _engineFailures;
    private int _postponed;

    /// <summary>Makes a loop.</summary>
    /// <param name="settings">First-boot data.</param>
    /// <param name="paths">Where files are.</param>
    /// <param name="puppetProgram">The program that applies bundles.</param>
    /// <param name="clock">The time.</param>
    /// <param name="random">Spreads machines over time.</param>
    /// <param name="log">The journal.</param>
    public AgentLoop(AgentSettings settings, AgentPaths paths, string puppetProgram, TimeProvider clock, Random random, AgentLog log)
    {
        _settings = settings;
        _paths = paths;
        _clock = clock;
        _random = random;
        _log = log;
        _pinned = new PinnedAuthority(settings.AuthorityPin);
        _identity = new AgentIdentity(settings, paths, _pinned, clock, log);
        _bundles = new BundleStore(paths, settings.InstanceUid);
        _certificates = new CertificateFiles(paths, clock, log);
        _secrets = new SecretFiles(paths, log);
        _puppet = new Puppet(paths, puppetProgram, TimeSpan.FromMinutes(5), log);
        _schedule = new RunSchedule(clock, random);
        _reports = new Reports(log);
    }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task.</returns>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _identity.Load();
        _state = AgentState.Read(_paths.State, _log);
        _log.Info("The agent runs.", ("instance", _settings.Instance), ("relay", _settings.RelayAddress), ("bundle", _bundles.Current));
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bool reached = await TryAsync(SpeakWithEngineAsync, cancellationToken).ConfigureAwait(false);
                if (_schedule.Due && _bundles.Current is { } hash)
                {
                    await ConvergeAsync(hash, cancellationToken).ConfigureAwait(false);
                    if (_reports.Count > 0)
                    {
                        await TryAsync(SendReportsAsync, cancellationToken).ConfigureAwait(false);
                    }
                }
                else if (!reached)
                {
                    await BackOffAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Calls that were cut off end in their own ways: all of them are our own stopping.
            _log.Info("The agent stops.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel?.Dispose();
        _identity.Dispose();
    }

    /// <summary>One exchange with the engine; false where it is to be tried again later.</summary>
    private async Task<bool> TryAsync(Func<CancellationToken, Task> exchange, CancellationToken cancellationToken)
    {
        try
        {
            await exchange(cancellationToken).ConfigureAwait(false);
            if (_engineFailures > 0)
            {
                _log.Info("The engine is reached again.");
            }

            _engineFailures = 0;
            return true;
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogEngineFailure(exception.StatusCode.ToString(), exception.Status.Detail);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A full disk or a broken answer must not end the agent: it would never converge again.
            LogEngineFailure("error", exception.Message);
            return false;
        }
    }

    private async Task SpeakWithEngineAsync(CancellationToken cancellationToken)
    {
        AgentContract.AgentClient engine = await EngineAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SendReportsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // They wait on. Whatever keeps the engine from taking them may be mended by the next bundle.
            _log.Warning("Reports could not be sent.", ("waiting", _reports.Count), ("status", exception.StatusCode), ("reason", exception.Status.Detail));
        }

        string? held = _bundles.Current;
        int wait = held is null ? LongestWaitSeconds : (int)Math.Clamp(_schedule.Remaining.TotalSeconds, 0, LongestWaitSeconds);
        GetBundleResponse response;
        try
        {
            response = await engine.GetBundleAsync(
                new GetBundleRequest { HeldHash = held ?? string.Empty, WaitSeconds = wait },
                deadline: DateTime.UtcNow + CallLimit + TimeSpan.FromSeconds(wait), cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.NotFound && wait > 0)
        {
            _log.Info("No bundle has been made for this instance yet.");
            return;
        }

        if (response.Hash != held && response.Hash != _refused)
        {
            Install(response);
        }
        else if (response.Hash != held)
        {
            throw new AgentException($"Bundle {response.Hash} was refused before and is still the one in force.");
        }
    }

    private void Install(GetBundleResponse response)
    {
        SignedBundle bundle = new(response.Hash, response.Content.Memory, response.Signature.Memory, response.SigningCertificate.ToByteArray());
        try
        {
            bundle.Verify(_pinned, _identity.Authority ?? []);
            _bundles.Install(bundle);
        }
        catch (AgentException exception)
        {
            _refused = response.Hash;
            _reports.Add(response.Hash, NextRun(), PuppetOutcome.Failure(exception.Message), TimeSpan.Zero);
            throw;
        }

        _refused = null;
        _schedule.Reset();
        _log.Info("A bundle is in force.", ("bundle", bundle.Hash));
    }

    private async Task ConvergeAsync(string hash, CancellationToken cancellationToken)
    {
        Exception? obstacle = await PrepareAsync(cancellationToken).ConfigureAwait(false);
        if (obstacle is AgentException { InnerException: RpcException { StatusCode: StatusCode.Unavailable } } && _postponed++ < MostPostponements)
        {
            // The engine is away or changes our bundle: nothing was tried on this machine yet. What lasts is reported.
            _schedule.Ran(RunResult.Failed, _cadence);
            _log.Warning("A run is postponed.", ("bundle", hash), ("reason", obstacle.Message));
            return;
        }

        _postponed = 0;
        long run = NextRun();
        long started = Stopwatch.GetTimestamp();
        PuppetOutcome outcome = obstacle is null
            ? await ApplyAsync(cancellationToken).ConfigureAwait(false)
            : PuppetOutcome.Failure(obstacle.Message);
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        _schedule.Ran(outcome.Result, _cadence);
        _log.Info(
            "A run ended.", ("run", run), ("bundle", hash), ("result", outcome.Result), ("resources", outcome.TotalResources),
            ("notable", outcome.Resources.Count), ("seconds", Math.Round(took.TotalSeconds, 1)), ("reason", outcome.Message));
        _reports.Add(hash, run, outcome, took);
    }

    /// <summary>Sees that the certificates and secrets of the bundle are there; what it answers keeps the run from happening.</summary>
    private async Task<Exception?> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            InstanceData data = _bundles.ReadData();
            if (data.Certificates.Count + data.Secrets.Count > 0)
            {
                AgentContract.AgentClient engine = EngineOrOffline();
                Dictionary<string, string> authorities = new(_state.Authorities, StringComparer.Ordinal);
                if (await _certificates.EnsureAsync(data.Certificates, authorities, engine, cancellationToken).ConfigureAwait(false))
                {
                    Remember(_state with { Authorities = authorities });
                }

                await _secrets.EnsureAsync(data.Secrets, engine, cancellationToken).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever keeps a run from happening must not end the agent: it is told and tried again.
            return exception;
        }
    }

    private async Task<PuppetOutcome> ApplyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _puppet.ApplyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A run that could not be carried out is a failed run: it is reported and tried again.
            return PuppetOutcome.Failure(exception.Message);
        }
    }

    private async Task SendReportsAsync(CancellationToken cancellationToken)
    {
        AgentContract.AgentClient engine = await EngineAsync(cancellationToken).ConfigureAwait(false);
        ReportResponse? response = await _reports.SendAsync(report => engine.ReportAsync(
            report, deadline: DateTime.UtcNow + CallLimit, cancellationToken: cancellationToken).ResponseAsync).ConfigureAwait(false);
        if (response is not null)
        {
            _cadence = response.NextRunSeconds > 0 ? TimeSpan.FromSeconds(response.NextRunSeconds) : null;
        }
    }

    /// <summary>The engine under our own identity, which is had first where there is none and renewed when it is time.</summary>
    private async Task<AgentContract.AgentClient> EngineAsync(CancellationToken cancellationToken)
    {
        if (_identity.RenewalDue)
        {
            try
            {
                await _identity.ObtainAsync(cancellationToken).ConfigureAwait(false);
                _channel?.Dispose();
                _engine = null;
            }
            catch (RpcException exception) when (_identity.Certificate is { } current && _clock.GetUtcNow() < current.NotAfter)
            {
                _log.Warning("The agent's certificate could not be renewed yet.", ("error", exception.Status.Detail));
            }
        }

        return EngineOrOffline();
    }

    private AgentContract.AgentClient EngineOrOffline()
    {
        if (_engine is null)
        {
            _channel = EngineChannel.Open(_settings.RelayAddress, _pinned, _identity.Certificate, _log);
            _engine = new AgentContract.AgentClient(_channel);
        }

        return _engine;
    }

    private long NextRun()
    {
        // The number is on disk before the run is: no number is ever used twice.
        Remember(_state with { Runs = _state.Runs + 1 });
        return _state.Runs;
    }

    private void Remember(AgentState state)
    {
        state.Write(_paths.State);
        _state = state;
    }

    private async Task BackOffAsync(CancellationToken cancellationToken)
    {
        TimeSpan longest = TimeSpan.FromSeconds(Math.Min(15, Math.Pow(2, Math.Min(_engineFailures, 4))));
        TimeSpan delay = TimeSpan.FromSeconds(1) + ((longest - TimeSpan.FromSeconds(1)) * _random.NextDouble());
        if (_bundles.Current is not null && _schedule.Remaining < delay)
        {
            delay = _schedule.Remaining;
        }

        await Task.Delay(delay, _clock, cancellationToken).ConfigureAwait(false);
    }

    private void LogEngineFailure(string status, string detail)
    {
        _engineFailures++;
        _log.Warning("The engine is not reached; the last bundle stays in force.", ("status", status), ("reason", detail), ("attempt", _engineFailures));
    }
}
