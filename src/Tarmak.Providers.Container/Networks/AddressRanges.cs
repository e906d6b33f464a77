using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Docker.DotNet.Models;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Networks;

/// <summary>Which address ranges are taken on this machine, and which are free.</summary>
internal sealed class AddressRanges(ContainerEngine engine)
{
    private static readonly IPNetwork OuterRanges = IPNetwork.Parse("10.89.0.0/16");

    /// <summary>The engine's networks with their ranges.</summary>
    public async Task<IReadOnlyList<TakenRange>> TakenAsync(CancellationToken cancellationToken)
    {
        var networks = await engine.ReadAsync(
            "Listing networks", (d, t) => d.Networks.ListNetworksAsync(new NetworksListParameters(), t), cancellationToken).ConfigureAwait(false);
        var ofEngine = networks.SelectMany(n => Subnets(n).Select(s => new TakenRange($"network {n.Name}", s, n.Labels))).ToList();
        return [.. ofEngine, .. HostRanges().Where(h => !ofEngine.Exists(e => e.Range.Contains(h.Range.BaseAddress)))];
    }

    /// <summary>The subnets of a network, as the engine reports them.</summary>
    public static IEnumerable<IPNetwork> Subnets(NetworkResponse network)
    {
        foreach (var config in network.IPAM?.Config ?? [])
        {
            if (IPNetwork.TryParse(config.Subnet ?? string.Empty, out var subnet) && subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            {
                yield return subnet;
            }
        }
    }

    public static bool Overlap(IPNetwork one, IPNetwork other) => one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>A free range for an outer network, or null.</summary>
    public static IPNetwork? FreeOuter(IEnumerable<TakenRange> taken) => Free(OuterRanges, 24, [.. taken]);

    /// <summary>A free range as large as one that is taken, or null.</summary>
    public static IPNetwork? FreeLike(IPNetwork wanted, IEnumerable<TakenRange> taken) =>
        Free(IPNetwork.Parse("10.0.0.0/8"), Math.Max(wanted.PrefixLength, 8), [.. taken]);

    private static IPNetwork? Free(IPNetwork within, int prefix, IReadOnlyList<TakenRange> taken)
    {
        var first = Number(within.BaseAddress);
        var step = 1L << (32 - prefix);
        var end = first + (1L << (32 - within.PrefixLength));
        for (var number = (long)first; number < end; number += step)
        {
            var candidate = new IPNetwork(Address((uint)number), prefix);
            if (!taken.Any(t => Overlap(t.Range, candidate)))
            {
                return candidate;
            }
        }

        return null;
    }

    private static IEnumerable<TakenRange> HostRanges()
    {
        foreach (var card in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var address in card.GetIPProperties().UnicastAddresses)
            {
                if (address.Address.AddressFamily == AddressFamily.InterNetwork && address.PrefixLength is > 0 and <= 32)
                {
                    var mask = uint.MaxValue << (32 - address.PrefixLength);
                    yield return new TakenRange(
                        $"interface {card.Name}", new IPNetwork(Address(Number(address.Address) & mask), address.PrefixLength), null);
                }
            }
        }
    }

    private static uint Number(IPAddress address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}

/// <summary>A range somebody has.</summary>
/// <param name="Holder">Who has it, in words.</param>
/// <param name="Range">The range.</param>
/// <param name="Labels">The labels, of a network.</param>
internal sealed record TakenRange(string Holder, IPNetwork Range, IDictionary<string, string>? Labels);
