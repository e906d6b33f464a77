using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Agents;

/// <summary>
/// Notices agents that fell silent: nothing else looks at an instance that is as it should be and says nothing. It
/// decides nothing; every nudge is a hint.
/// </summary>
/// <param name="directory">What agents reported.</param>
/// <param name="hints">Wakes what is to look.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class SilenceWatcher(
    IAgentDirectory directory, IConvergenceHints hints, TimeProvider time, ILogger<SilenceWatcher> logger) : BackgroundService
{
    /// <summary>How often it looks. The first time is as long after a start: agents could not report to an engine that was away.</summary>
    public static readonly TimeSpan Cadence = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Cadence, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var instance in await directory.SilentAsync(time.GetUtcNow() - ConvergenceDriver.SilentAfter, cancellationToken))
            {
                hints.Nudge(instance);
            }
        }
        catch (StorageException refused)
        {
            // The next look may succeed; what is wrong with the storage is told by those who write to it.
            LogLookFailed(refused.Message);
        }
    }

    [LoggerMessage(EventId = 1111, Level = LogLevel.Warning, Message = "Agents that fell silent could not be looked for: {Reason}")]
    private partial void LogLookFailed(string reason);
}
