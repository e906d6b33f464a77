using System.Collections.Concurrent;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Edges;

/// <summary>The changes of one edge that wait to be put in force.</summary>
internal sealed class EdgeChanges
{
    private readonly ConcurrentQueue<EdgeChange> waiting = new();
    private readonly Lock order = new();
    private Task last = Task.CompletedTask;

    /// <summary>Adds a change.</summary>
    /// <param name="change">Makes the wanted state from the present one.</param>
    /// <returns>The change, in the queue.</returns>
    public EdgeChange Add(Func<EdgeSnapshot, EdgeState> change)
    {
        var added = new EdgeChange(change);
        waiting.Enqueue(added);
        return added;
    }

    /// <summary>Ends when all work added so far has.</summary>
    public Task Settled
    {
        get
        {
            lock (order)
            {
                return last;
            }
        }
    }

    /// <summary>Runs work once all earlier work has ended.</summary>
    /// <param name="work">The work; it never throws.</param>
    public void Follow(Func<Task> work)
    {
        lock (order)
        {
            last = AfterAsync(last, work);
        }
    }

    /// <summary>Takes all that wait.</summary>
    public List<EdgeChange> TakeAll()
    {
        List<EdgeChange> all = [];
        while (waiting.TryDequeue(out var change))
        {
            all.Add(change);
        }

        return all;
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        await before.ConfigureAwait(false);
        await work().ConfigureAwait(false);
    }
}

/// <summary>One change of an edge's state.</summary>
internal sealed class EdgeChange(Func<EdgeSnapshot, EdgeState> change)
{
    private readonly TaskCompletionSource<EdgeSnapshot> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The edge once the change is in force.</summary>
    public Task<EdgeSnapshot> Done => done.Task;

    /// <summary>Whether whoever asked for it no longer waits; it must not be put in force then.</summary>
    public bool IsWithdrawn => done.Task.IsCanceled;

    /// <summary>The state with this change; a change that cannot be fails by itself and leaves the state to the others.</summary>
    public EdgeState Apply(EdgeSnapshot edge)
    {
        if (done.Task.IsCompleted)
        {
            return edge.State;
        }

        try
        {
            return change(edge);
        }
        catch (EngineFaultException fault)
        {
            done.TrySetException(fault);
            return edge.State;
        }
    }

    public void Succeed(EdgeSnapshot edge) => done.TrySetResult(edge);

    public void Fail(Exception fault) => done.TrySetException(fault);

    public void Withdraw(CancellationToken cancellationToken) => done.TrySetCanceled(cancellationToken);
}
