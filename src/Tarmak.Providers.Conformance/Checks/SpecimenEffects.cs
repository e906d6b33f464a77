using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What a check did to an object, by whichever opening of the provider.</summary>
internal sealed class SpecimenEffects
{
    private readonly Lock gate = new();
    private readonly HashSet<(string Uid, int Incarnation)> ensured = [];
    private long? lastEnded;

    /// <summary>When the last call that may have changed something ended.</summary>
    public long? LastEnded
    {
        get
        {
            lock (gate)
            {
                return lastEnded;
            }
        }
    }

    /// <summary>Whether nothing was made yet for the owner and incarnation of a call.</summary>
    public bool IsFirst(ResourceCall call)
    {
        lock (gate)
        {
            return ensured.Add((call.Marks.Uid, call.Incarnation));
        }
    }

    /// <summary>A call that may have changed something ended.</summary>
    public void Ended(long timestamp)
    {
        lock (gate)
        {
            lastEnded = lastEnded > timestamp ? lastEnded : timestamp;
        }
    }
}
