namespace Tarmak.Machines.Budgets;

/// <summary>
/// Calls that several wait for, by their lease: the first makes it, the others get its answer. Only who asked before the
/// call was made is on its lease, so nobody is answered from before he asked. Safe for use by several threads.
/// </summary>
/// <typeparam name="TResult">What they are answered.</typeparam>
public sealed class SharedCalls<TResult>
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, List<Action<TResult>>> underWay = [];

    /// <summary>Joins a call.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="answered">Called with the answer of another's call; whoever makes it has it first-hand.</param>
    /// <returns>Whether the caller is the first and makes the call.</returns>
    public bool Join(long lease, Action<TResult> answered)
    {
        lock (gate)
        {
            if (underWay.TryGetValue(lease, out var others))
            {
                others.Add(answered);
                return false;
            }

            underWay[lease] = [];
            return true;
        }
    }

    /// <summary>The call was answered.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="result">The answer.</param>
    public void Complete(long lease, TResult result)
    {
        List<Action<TResult>>? others;
        lock (gate)
        {
            underWay.Remove(lease, out others);
        }

        foreach (var answered in others ?? [])
        {
            answered(result);
        }
    }
}
