namespace Tarmak.Model.Networking;

/// <summary>
/// How a cluster's range is cut. A /16 has its public /22s, one per zone, in its first /19 and one private /19 per zone
/// after it; other sizes are cut in the same proportions (an eighth each, public parts an eighth of that).
/// </summary>
public sealed class SubnetPlan
{
    /// <summary>Most zones a cluster can have: what is left of eight eighths after the public one.</summary>
    public const int MostZones = 7;

    /// <summary>Shortest prefix of a cluster's range.</summary>
    public const int ShortestPrefix = 16;

    /// <summary>Longest prefix of a cluster's range; below it, private subnets have no room for the fixed addresses.</summary>
    public const int LongestPrefix = 20;

    private SubnetPlan(Cidr cluster, IReadOnlyList<Subnet> subnets)
    {
        Cluster = cluster;
        Subnets = subnets;
    }

    /// <summary>The cluster's range.</summary>
    public Cidr Cluster { get; }

    /// <summary>One entry per zone, by index.</summary>
    public IReadOnlyList<Subnet> Subnets { get; }

    /// <summary>Cuts a cluster's range for that many zones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range or the number of zones is out of bounds.</exception>
    public static SubnetPlan For(Cidr cluster, int zones)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cluster.Prefix, ShortestPrefix, nameof(cluster));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cluster.Prefix, LongestPrefix, nameof(cluster));
        ArgumentOutOfRangeException.ThrowIfLessThan(zones, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(zones, MostZones);
        return new SubnetPlan(cluster, [.. Enumerable.Range(0, zones).Select(zone => new Subnet(zone, PublicOf(cluster, zone), PrivateOf(cluster, zone)))]);
    }

    internal static Cidr PrivateOf(Cidr cluster, int zone) => cluster.Part(cluster.Prefix + 3, zone + 1);

    private static Cidr PublicOf(Cidr cluster, int zone) => cluster.Part(cluster.Prefix + 6, zone);
}
