using System.Collections.Concurrent;
using Tarmak.Providers.Simulated;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Simulator;

/// <summary>The accounts of the cloud, as the log has them and as calls open them.</summary>
internal sealed class SimulatorAccounts : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SimulatedCloud>> clouds = new(StringComparer.Ordinal);
    private readonly ChangeLog log;
    private readonly TimeProvider time;

    /// <summary>Opens all accounts that the log knows.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="folder">Folder of the log.</param>
    /// <param name="time">The clock.</param>
    public SimulatorAccounts(Scenario scenario, string folder, TimeProvider time)
    {
        Scenario = scenario;
        this.time = time;
        Dictionary<string, SimulatedCloud> before = new(StringComparer.Ordinal);
        Dictionary<string, LateJournal> journals = new(StringComparer.Ordinal);
        log = ChangeLog.Open(folder, (account, change) =>
        {
            if (!before.TryGetValue(account, out var cloud))
            {
                before[account] = cloud = new SimulatedCloud(scenario, time, journals[account] = new LateJournal());
            }

            cloud.Replay(change);
        });
        foreach (var (account, cloud) in before)
        {
            journals[account].Journal = log.Of(account);
            clouds[account] = new(cloud);
        }
    }

    /// <summary>What is simulated.</summary>
    public Scenario Scenario { get; }

    /// <summary>Ends when nothing can be kept any more.</summary>
    public Task<Exception> Broken => log.Broken;

    /// <summary>An account.</summary>
    public SimulatedCloud Of(string account) => clouds.GetOrAdd(account, name => new(() => new SimulatedCloud(Scenario, time, log.Of(name)))).Value;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => log.DisposeAsync();
}
