using Tarmak.Providers;

namespace Tarmak.Grains.Drift;

/// <summary>
/// Objects that carry our marks though no machine has them. One sweep proves nothing, because an object may be made
/// between its reads; what two sweeps in a row find is told, once.
/// </summary>
internal sealed class Strays
{
    private Dictionary<(string Kind, string ObjectId), bool> known = [];

    /// <summary>Takes what a sweep found.</summary>
    /// <param name="found">The objects.</param>
    /// <returns>Those to be told now.</returns>
    public IReadOnlyList<OwnedObject> Take(IEnumerable<OwnedObject> found)
    {
        Dictionary<(string, string), bool> next = [];
        List<OwnedObject> told = [];
        foreach (var stray in found)
        {
            var seen = known.TryGetValue((stray.Kind, stray.ObjectId), out var wasTold);
            if (next.TryAdd((stray.Kind, stray.ObjectId), seen) && seen && !wasTold)
            {
                told.Add(stray);
            }
        }

        known = next;
        return told;
    }
}
