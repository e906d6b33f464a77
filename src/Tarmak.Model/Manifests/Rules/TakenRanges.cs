using Tarmak.Model.Networking;

namespace Tarmak.Model.Manifests.Rules;

/// <summary>
/// Who has which range. Two ranges are apart or one holds the other, so an overlap is found by looking up the at most
/// 33 ranges that hold the one asked for, and it itself among those that hold somebody's: no pair is compared.
/// </summary>
internal sealed class TakenRanges
{
    private readonly Dictionary<Cidr, ResourceKey> owners = [];
    private readonly Dictionary<Cidr, (Cidr Range, ResourceKey Owner)> within = [];

    /// <summary>Notes a range; of several owners of one range the first stays.</summary>
    public void Add(Cidr range, ResourceKey owner)
    {
        owners.TryAdd(range, owner);
        foreach (var holder in Holders(range))
        {
            within.TryAdd(holder, (range, owner));
        }
    }

    /// <summary>A range that overlaps this one, and whose it is; null where none does.</summary>
    public (Cidr Range, ResourceKey Owner)? Find(Cidr range)
    {
        if (within.TryGetValue(range, out var inside))
        {
            return inside;
        }

        foreach (var holder in Holders(range))
        {
            if (owners.TryGetValue(holder, out var owner))
            {
                return (holder, owner);
            }
        }

        return null;
    }

    private static IEnumerable<Cidr> Holders(Cidr range) => Enumerable.Range(0, range.Prefix + 1).Select(prefix => new Cidr(range.Network, prefix));
}
