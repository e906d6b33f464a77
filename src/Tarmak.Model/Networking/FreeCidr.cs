namespace Tarmak.Model.Networking;

/// <summary>Finds a range that is not in use.</summary>
public static class FreeCidr
{
    private static readonly Cidr[] PrivateRanges = [Cidr.Parse("10.0.0.0/8"), Cidr.Parse("172.16.0.0/12"), Cidr.Parse("192.168.0.0/16")];

    /// <summary>
    /// A private range of that prefix which overlaps none of those used: the first above the wanted one in its own
    /// private range, else the first of any; null where all are used.
    /// </summary>
    public static Cidr? Suggest(Cidr wanted, IEnumerable<Cidr> used)
    {
        var taken = used.ToArray();
        return PrivateRanges
            .Where(range => range.Contains(wanted))
            .Select(range => FirstFree(range, wanted.Network, wanted.Prefix, taken))
            .Concat(PrivateRanges.Select(range => FirstFree(range, range.Network, wanted.Prefix, taken)))
            .FirstOrDefault(free => free is not null);
    }

    private static Cidr? FirstFree(Cidr range, uint from, int prefix, Cidr[] taken)
    {
        if (prefix < range.Prefix)
        {
            return null;
        }

        var step = 1L << (32 - prefix);
        var next = (long)from;
        while (next <= range.Last)
        {
            var candidate = new Cidr((uint)next, prefix);
            var blocking = taken.Where(t => t.Overlaps(candidate)).ToArray();
            if (blocking.Length == 0)
            {
                return candidate;
            }

            // Past the end of whatever blocks, so that the search takes one turn per used range at most.
            next = Math.Max(next + step, (blocking.Max(b => (long)b.Last) + step) / step * step);
        }

        return null;
    }
}
