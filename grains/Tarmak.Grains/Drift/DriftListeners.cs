using Microsoft.Extensions.Logging;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>Listens to the events of every account in use, once each, and wakes the machines they are about.</summary>
/// <param name="providers">The providers.</param>
/// <param name="check">Wakes machines.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class DriftListeners(ProviderCatalog providers, DriftCheck check, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, (IProvider Provider, CancellationTokenSource Stop)> followed = new(StringComparer.Ordinal);

    /// <summary>Listens to those that are open now, and to no others.</summary>
    /// <param name="stoppingToken">Ends all listening.</param>
    public void Follow(CancellationToken stoppingToken)
    {
        var opened = providers.Accounts;
        foreach (var (name, (provider, stop)) in followed.ToList())
        {
            if (!opened.TryGetValue(name, out var present) || !ReferenceEquals(present, provider))
            {
                stop.Cancel();
                stop.Dispose();
                followed.Remove(name);
            }
        }

        foreach (var (name, provider) in opened)
        {
            if (provider.Watch is { } watch && !followed.ContainsKey(name))
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                followed[name] = (provider, stop);
                _ = LastingLoop.RunAsync(token => ListenAsync(watch, token), failure => LogBrokeOff(name, failure.Message), time, stop.Token);
            }
        }
    }

    private async Task ListenAsync(IObjectWatch watch, CancellationToken cancellationToken)
    {
        await foreach (var marks in watch.WatchAsync(cancellationToken))
        {
            check.Nudge(new MachineAddress(MachineKind.Capability, marks.Owner));
        }
    }

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Events of account {Account} broke off and are asked for again: {Reason}")]
    private partial void LogBrokeOff(string account, string reason);
}
