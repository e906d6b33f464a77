namespace Tarmak.Agent.Relay;

/// <summary>
/// The idle tunnels. The newest is given out first: after an engine was killed and came back, the old ones are dead and
/// nobody has told us yet. A waiting agent gets the next tunnel that arrives, in the order they came.
/// </summary>
/// <param name="limits">The limits.</param>
internal sealed class TunnelPool(RelayLimits limits)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<IdleTunnel> _idle = new();
    private readonly LinkedList<TaskCompletionSource<IdleTunnel>> _waiting = new();

    /// <summary>Tunnels at hand.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Takes in a tunnel.</summary>
    /// <param name="tunnel">The tunnel.</param>
    /// <returns>The oldest one if there are too many now: the caller closes it.</returns>
    public IdleTunnel? Add(IdleTunnel tunnel)
    {
        lock (_gate)
        {
            while (_waiting.First is { } waiter)
            {
                _waiting.RemoveFirst();
                if (waiter.Value.TrySetResult(tunnel))
                {
                    return null;
                }
            }

            _idle.AddFirst(tunnel);
            if (_idle.Count <= limits.IdleTunnels)
            {
                return null;
            }

            IdleTunnel oldest = _idle.Last!.Value;
            _idle.RemoveLast();
            return oldest;
        }
    }

    /// <summary>Takes a tunnel out, waiting for one if need be.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A tunnel that is the caller's now; null where the wait ended or too many wait already.</returns>
    public async Task<IdleTunnel?> TakeAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<IdleTunnel>> waiter;
        lock (_gate)
        {
            if (_idle.First is { } newest)
            {
                _idle.RemoveFirst();
                return newest.Value;
            }

            if (_waiting.Count >= limits.WaitingAgents)
            {
                return null;
            }

            waiter = _waiting.AddLast(new TaskCompletionSource<IdleTunnel>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                if (waiter.Value.TrySetCanceled(CancellationToken.None) && waiter.List is not null)
                {
                    _waiting.Remove(waiter);
                }
            }
        });
        try
        {
            return await waiter.Value.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Pings every idle tunnel and closes the dead ones.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many were dead.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        IdleTunnel[] tunnels;
        lock (_gate)
        {
            tunnels = [.. _idle];
        }

        bool[] alive = await Task.WhenAll(tunnels.Select(tunnel => tunnel.PingAsync(limits.PingLimit, cancellationToken))).ConfigureAwait(false);
        int dead = 0;
        for (int index = 0; index < tunnels.Length; index++)
        {
            if (!alive[index] && Remove(tunnels[index]))
            {
                dead++;
                await tunnels[index].DisposeAsync().ConfigureAwait(false);
            }
        }

        return dead;
    }

    /// <summary>Closes all idle tunnels.</summary>
    /// <returns>A task.</returns>
    public async Task CloseAsync()
    {
        IdleTunnel[] tunnels;
        lock (_gate)
        {
            tunnels = [.. _idle];
            _idle.Clear();
        }

        foreach (IdleTunnel tunnel in tunnels)
        {
            await tunnel.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool Remove(IdleTunnel tunnel)
    {
        lock (_gate)
        {
            return _idle.Remove(tunnel);
        }
    }
}
