using System.Collections.Concurrent;
using System.Threading.Channels;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Providers.Simulated;

/// <summary>
/// An account in this process, and the way there: calls take time, are refused, hang, or are done and not answered, as the
/// scenario places it.
/// </summary>
internal sealed class SimulatedCloud : ICloud
{
    private const int FaultQuestion = 1;
    private const int EffectQuestion = 1_000_000;

    private readonly Lock gate = new();
    private readonly Scenario scenario;
    private readonly TimeProvider time;
    private readonly Chances chances;
    private readonly SimulatedAccount account;
    private readonly ConcurrentDictionary<Channel<OwnerMarks>, byte> watchers = new();
    private readonly IAccountJournal? journal;
    private long calls;

    /// <summary>Opens an account with nothing in it.</summary>
    /// <param name="scenario">What is simulated.</param>
    /// <param name="time">The clock; nothing here knows another.</param>
    /// <param name="journal">Where its changes are kept before they are answered; null: nowhere.</param>
    public SimulatedCloud(Scenario scenario, TimeProvider time, IAccountJournal? journal = null)
    {
        this.scenario = scenario;
        this.time = time;
        this.journal = journal;
        chances = new Chances(scenario.Seed);
        account = new SimulatedAccount(scenario.Profile, scenario.Seed) { State = { Changed = Tell }, Changing = journal is null ? null : journal.Write };
    }

    /// <summary>Makes a change that was made and kept before, in another process; the next after those before it.</summary>
    public void Replay(AccountChange change)
    {
        lock (gate)
        {
            account.State.Settle(change.At);
            account.State.Apply(change);
        }
    }

    /// <summary>What sort of cloud it is.</summary>
    public CloudProfile Profile => scenario.Profile;

    /// <summary>Calls that reached the account.</summary>
    public long Calls => Interlocked.Read(ref calls);

    /// <summary>What the account's limits let in and refused.</summary>
    public IReadOnlyList<CallCount> Counts
    {
        get
        {
            lock (gate)
            {
                return account.Counts;
            }
        }
    }

    /// <summary>Looks at the account itself, past latency and staleness.</summary>
    public T Look<T>(Func<AccountState, T> look)
    {
        lock (gate)
        {
            account.State.Settle(Now);
            return look(account.State);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<OwnerMarks> WatchAsync(CancellationToken cancellationToken)
    {
        // Who falls behind loses hints, as with any cloud's events.
        var channel = Channel.CreateBounded<OwnerMarks>(new BoundedChannelOptions(4096) { FullMode = BoundedChannelFullMode.DropOldest });
        watchers[channel] = 0;
        return ReadAsync(channel, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CloudReply> SendAsync(CloudRequest request, CancellationToken cancellationToken)
    {
        var chance = chances.Of(request);
        var takes = scenario.Profile.Latencies.GetValueOrDefault(request.Method).Draw(ref chance);
        await WaitAsync(takes / 2, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref calls);
        var fault = FaultOn(request, chance);
        switch (fault?.Kind)
        {
            case FaultKind.Fail:
                await WaitAsync(takes / 2, cancellationToken).ConfigureAwait(false);
                return CloudReply.Refused(fault.Error, $"{request.Shown}: refused as the scenario has it.");
            case FaultKind.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
                break;
            default:
                break;
        }

        cancellationToken.ThrowIfCancellationRequested();
        CloudReply reply;
        lock (gate)
        {
            var effect = chance.For(EffectQuestion);
            reply = account.Handle(request, Now, ref effect, half: fault?.Kind == FaultKind.Partial);
        }

        // Also of what is only read: what it shows may be as new as this moment.
        if (journal is not null)
        {
            await journal.KeptAsync().ConfigureAwait(false);
        }

        await WaitAsync(takes / 2, cancellationToken).ConfigureAwait(false);
        return fault is null ? reply : throw new NoAnswerException($"{request.Shown}: the answer was lost.");
    }

    private long Now => time.GetUtcNow().UtcTicks;

    private Fault? FaultOn(CloudRequest request, Chance chance)
    {
        if (scenario.Faults.Count == 0)
        {
            return null;
        }

        string? name;
        lock (gate)
        {
            name = account.NameOf(request);
        }

        Fault? first = null;
        foreach (var (index, fault) in scenario.Faults.Index())
        {
            // Each counts its calls, whichever is taken.
            if (fault.Meets(request, name, chance.For(FaultQuestion + index)))
            {
                first ??= fault;
            }
        }

        return first;
    }

    private Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;

    private void Tell(OwnerMarks marks)
    {
        foreach (var watcher in watchers.Keys)
        {
            watcher.Writer.TryWrite(marks);
        }
    }

    private async IAsyncEnumerable<OwnerMarks> ReadAsync(Channel<OwnerMarks> channel, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var marks in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return marks;
            }
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }
}
