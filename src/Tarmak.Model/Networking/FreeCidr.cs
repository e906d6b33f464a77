namespace Tarmak.Model.Networking;

/// <summary>Finds ranges that are not in use. Made once for a set of used ranges; each search takes time in proportion to them.</summary>
public sealed class FreeCidr
{
    private static readonly Cidr[] PrivateRanges = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("172.16.0.0/12"), Cidr.Parse("192.168.0.0/16")];

    private readonly Cidr[] taken;

    /// <summary>Takes what is in use.</summary>
    /// <param name="used">The ranges; they may overlap each other.</param>
    public FreeCidr(IEnumerable<Cidr> used) => taken = Outermost(used);

    /// <summary>
    /// A private range of that prefix which overlaps none of those used: the first above the wanted one in its own
    /// private range, else the first of any; null where all are used.
    /// </summary>
    /// <param name="wanted">Where to begin, and the prefix.</param>
    /// <param name="also">Further ranges it may not overlap.</param>
    public Cidr? Suggest(Cidr wanted, params IEnumerable<Cidr> also)
    {
        var blocking = also.Any() ? Outermost(taken.Concat(also)) : taken;
        return PrivateRanges
            .Where(range => range.Contains(wanted))
            .Select(range => FirstFree(range, wanted.Network, wanted.Prefix, blocking))
            .Concat(PrivateRanges.Select(range => FirstFree(range, range.Network, wanted.Prefix, blocking)))
            .FirstOrDefault(free => free is not null);
    }

    /// <summary>In order and apart. Two ranges are apart or one holds the other, so those inside others are left out.</summary>
    private static Cidr[] Outermost(IEnumerable<Cidr> used)
    {
        var outermost = new List<Cidr>();
        foreach (var range in used.OrderBy(r => r.Network).ThenBy(r => r.Prefix))
        {
            if (outermost.Count == 0 || !outermost[^1].Contains(range))
            {
                outermost.Add(range);
            }
        }

        return [.. outermost];
    }

    private static Cidr? FirstFree(Cidr range, uint from, int prefix, Cidr[] taken)
    {
        if (prefix < range.Prefix)
        {
            return null;
        }

        var step = 1L << (32 - prefix);
        var next = (long)new Cidr(from, prefix).Network;
        foreach (var blocking in taken.Where(t => t.Last >= next))
        {
            if (blocking.Network >= next + step)
            {
                break;
            }

            // Past the end of what blocks, at the next place a range of this size may begin.
            next = (blocking.Last + step) / step * step;
        }

        return next <= range.Last ? new Cidr((uint)next, prefix) : null;
    }
}
