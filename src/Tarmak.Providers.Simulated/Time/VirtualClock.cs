namespace Tarmak.Providers.Simulated.Time;

/// <summary>
/// A clock that stands still while anything runs and jumps to the next timer when everything waits, so that hours pass in
/// moments and nobody is late because the machine is busy. What runs is what the thread pool runs; whoever blocks one of its
/// threads holds time up for <see cref="Patience"/>.
/// </summary>
public sealed class VirtualClock : TimeProvider, IDisposable
{
    /// <summary>How long, in real time, the thread pool may be busy without touching the clock before time goes on all the same.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly DateTimeOffset Beginning = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, int Setting), (long At, long Order)> timers = new();
    private readonly ManualResetEventSlim wanted = new();
    private readonly Thread thread;
    private long now = Beginning.UtcTicks;
    private long touches;
    private volatile bool ended;

    /// <summary>Starts the clock at the beginning of 2030.</summary>
    public VirtualClock()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "virtual clock" };
        thread.Start();
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref now), TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => Interlocked.Read(ref now);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Ends the clock; timers that are set never come.</summary>
    public void Dispose()
    {
        ended = true;
        wanted.Set();
        if (Thread.CurrentThread != thread)
        {
            thread.Join();
            wanted.Dispose();
        }
    }

    private static bool IsIdle()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most == free && ThreadPool.PendingWorkItemCount == 0;
    }

    private void Run()
    {
        while (!ended)
        {
            wanted.Wait();
            if (ended)
            {
                return;
            }

            if (EverythingWaits())
            {
                if (Take() is { } timer)
                {
                    // On the pool, like all else that runs: what this thread did, nobody would see to be going on.
                    ThreadPool.UnsafeQueueUserWorkItem(static due => due.Fire(), timer, preferLocal: false);
                }
            }
        }
    }

    /// <summary>Looks twice: what one look misses while it is handed over has reached the clock or a thread by the second.</summary>
    private bool EverythingWaits()
    {
        var (begun, seen) = (Environment.TickCount64, Interlocked.Read(ref touches));
        while (!ended)
        {
            if (IsIdle() && Interlocked.Read(ref touches) == seen)
            {
                Thread.Yield();
                if (IsIdle() && Interlocked.Read(ref touches) == seen)
                {
                    return true;
                }
            }

            if (Interlocked.Read(ref touches) is var touched && touched != seen)
            {
                (begun, seen) = (Environment.TickCount64, touched);
            }
            else if (Environment.TickCount64 - begun > Patience.TotalMilliseconds)
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }

    private VirtualTimer? Take()
    {
        lock (gate)
        {
            while (timers.TryDequeue(out var next, out var due))
            {
                if (next.Timer.IsSetAs(next.Setting))
                {
                    Interlocked.Exchange(ref now, Math.Max(now, due.At));
                    next.Timer.Taken();
                    return next.Timer;
                }
            }

            wanted.Reset();
            return null;
        }
    }

    private void Set(VirtualTimer timer, int setting, TimeSpan due)
    {
        timers.Enqueue((timer, setting), (now + due.Ticks, ++touches));
        wanted.Set();
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int setting;
        private bool isSet;
        private TimeSpan every = Timeout.InfiniteTimeSpan;

        public bool IsSetAs(int number) => isSet && setting == number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                setting++;
                every = period;
                isSet = dueTime != Timeout.InfiniteTimeSpan;
                if (isSet)
                {
                    clock.Set(this, setting, dueTime);
                }
            }

            return true;
        }

        public void Taken()
        {
            isSet = every > TimeSpan.Zero;
            if (isSet)
            {
                clock.Set(this, ++setting, every);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock.gate)
            {
                isSet = false;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
