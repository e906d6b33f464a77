using Grpc.Core;
using Microsoft.Extensions.Logging;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Plugins.Health.V1;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>
/// Keeps one plugin running: started at its first use, asked after its health, ended where it gives no answer, and started
/// again when it is next used, after a wait that grows with its failures.
/// </summary>
internal sealed partial class PluginHost(InstalledPlugin plugin, PluginLimits limits, ILogger logger, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private readonly List<Task> supervised = [];
    private Task<PluginLink>? link;
    private ProviderException? lastFailure;
    private int failures;
    private int failedStarts;
    private long failedAt;
    private bool closed;

    /// <summary>The plugin.</summary>
    public InstalledPlugin Plugin => plugin;

    /// <summary>The plugin as it runs; starts it where it does not.</summary>
    /// <param name="cancellationToken">Ends the waiting; a start goes on for others.</param>
    /// <exception cref="ProviderException">It cannot be had. Nothing was asked of it.</exception>
    public async Task<PluginLink> LinkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var present = await Present().WaitAsync(cancellationToken).ConfigureAwait(false);

            // One that is being looked at may have to go.
            await present.Examination.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!present.HasEnded)
            {
                return present;
            }
        }
    }

    /// <summary>Looks after the health of one that gave no answer, and ends it where it has none.</summary>
    /// <param name="suspect">The plugin as it ran.</param>
    public void Examine(PluginLink suspect)
    {
        lock (gate)
        {
            if (suspect.Examination.IsCompleted && !suspect.Ended.IsCompleted && !closed)
            {
                suspect.Examination = ExamineAsync(suspect);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<PluginLink>? last;
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            closed = true;
            last = link;
        }

        await closing.CancelAsync().ConfigureAwait(false);
        if (last is not null)
        {
            await last.ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
            if (last.IsCompletedSuccessfully)
            {
                (await last.ConfigureAwait(false)).End("is ended with the engine");
            }
        }

        Task[] all;
        lock (gate)
        {
            all = [.. supervised];
        }

        await Task.WhenAll(all).ConfigureAwait(false);
        closing.Dispose();
    }

    private Task<PluginLink> Present()
    {
        lock (gate)
        {
            if (closed)
            {
                throw new ProviderException(ErrorClass.Transient, $"Plugin {plugin.Type} is ended with the engine.");
            }

            if (link is { IsCompleted: false } or { IsCompletedSuccessfully: true, Result.HasEnded: false })
            {
                return link;
            }

            if (lastFailure is not null && Wait() - time.GetElapsedTime(failedAt) is var left && left > TimeSpan.Zero)
            {
                throw new ProviderException(lastFailure.Error, $"{lastFailure.Message} It is tried again in {Math.Ceiling(left.TotalSeconds):0} s.", lastFailure.InnerException);
            }

            return link = Task.Run(StartAsync);
        }
    }

    // One failure may be an accident; of those that follow each waits twice as long as the one before.
    private TimeSpan Wait() => failures <= 1 ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Min(limits.LongestWait.Ticks, limits.FirstWait.Ticks * Math.Pow(2, failures - 2)));

    private async Task<PluginLink> StartAsync()
    {
        PluginProcess? process = null;
        PluginLink? started = null;
        try
        {
            process = plugin.File.Address is null ? await ProcessAsync().ConfigureAwait(false) : null;
            started = new PluginLink(process is null ? PluginChannel.To(plugin, limits) : PluginChannel.To(process, limits, time), process);
            await new Handshake(plugin, limits, time).MakeAsync(started, closing.Token).ConfigureAwait(false);
            LogStarted(logger, plugin.Type, plugin.Place);
            lock (gate)
            {
                failedStarts = 0;
                supervised.RemoveAll(t => t.IsCompleted);
                supervised.Add(SuperviseAsync(started));
            }

            return started;
        }
        catch (ProviderException refused)
        {
            process?.Kill();
            if (started is not null)
            {
                await started.DisposeAsync().ConfigureAwait(false);
            }
            else if (process is not null)
            {
                await process.DisposeAsync().ConfigureAwait(false);
            }

            var told = Fail(refused, isStart: true, TimeSpan.Zero);

            // It was trusted with no secret yet: what it wrote may be shown.
            LogNotStarted(logger, plugin.Type, told.Message, string.Join(" | ", process?.LastWords ?? []));
            throw told;
        }
    }

    private async Task<PluginProcess> ProcessAsync()
    {
        try
        {
            return await PluginProcess.StartAsync(plugin, limits, logger, time).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ErrorClass.Transient, $"Plugin {plugin.Type} cannot be started: {fault.Message}", fault);
        }
    }

    private async Task SuperviseAsync(PluginLink running)
    {
        var begun = time.GetTimestamp();
        var gone = running.Process is { } process ? process.Exited : Task.Delay(Timeout.InfiniteTimeSpan, closing.Token);
        while (!running.Ended.IsCompleted)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
            await Task.WhenAny(gone, running.Ended, Task.Delay(limits.HealthEvery, time, pause.Token)).ConfigureAwait(false);
            await pause.CancelAsync().ConfigureAwait(false);
            if (closing.IsCancellationRequested)
            {
                running.End("is ended with the engine");
            }
            else if (gone.IsCompleted)
            {
                running.End(running.Process!.Ending);
            }
            else if (!running.Ended.IsCompleted)
            {
                Examine(running);
                await running.Examination.ConfigureAwait(false);
            }
        }

        var how = await running.Ended.ConfigureAwait(false);
        if (!closing.IsCancellationRequested)
        {
            Fail(new ProviderException(ErrorClass.Transient, $"Plugin {plugin.Type} {how}."), isStart: false, time.GetElapsedTime(begun));
            LogEnded(logger, plugin.Type, how);
        }

        await running.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ExamineAsync(PluginLink suspect)
    {
        try
        {
            using var limit = new CancellationTokenSource(limits.Health, time);
            var health = await new Health.V1.Health.HealthClient(suspect.Invoker).CheckAsync(new HealthCheckRequest(), cancellationToken: limit.Token).ConfigureAwait(false);
            if (health.Status == HealthCheckResponse.Types.ServingStatus.Serving)
            {
                return;
            }

            suspect.Process?.Kill();
            suspect.End($"said that it does not serve ({health.Status}), and was ended");
        }
        catch (RpcException) when (suspect.Process is { Exited.IsCompleted: true } process)
        {
            suspect.End(process.Ending);
        }
        catch (RpcException)
        {
            suspect.End(suspect.Process is null
                ? $"did not answer within {limits.Health.TotalSeconds:0.#} s whether it is well"
                : $"did not answer within {limits.Health.TotalSeconds:0.#} s whether it is well, and was ended");
            suspect.Process?.Kill();
        }
    }

    private ProviderException Fail(ProviderException failure, bool isStart, TimeSpan lived)
    {
        lock (gate)
        {
            failures = lived >= limits.Settled ? 1 : failures + 1;
            failedStarts += isStart ? 1 : 0;
            failedAt = time.GetTimestamp();

            // What fails each time is no accident: its owner is told to act.
            return lastFailure = isStart && failedStarts >= limits.StartsBeforeTerminal && failure.Error == ErrorClass.Transient
                ? new ProviderException(ErrorClass.Terminal, failure.Message, failure.InnerException)
                : failure;
        }
    }

    [LoggerMessage(1402, LogLevel.Information, "Plugin {Plugin} of {Place} runs.")]
    private static partial void LogStarted(ILogger logger, string plugin, string place);

    [LoggerMessage(1403, LogLevel.Warning, "Plugin {Plugin} could not be started: {Reason} It wrote: {LastWords}")]
    private static partial void LogNotStarted(ILogger logger, string plugin, string reason, string lastWords);

    [LoggerMessage(1404, LogLevel.Warning, "Plugin {Plugin} {Ending}; it is started again when it is next needed.")]
    private static partial void LogEnded(ILogger logger, string plugin, string ending);
}
