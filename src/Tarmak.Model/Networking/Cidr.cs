using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Tarmak.Model.Networking;

/// <summary>A range of IPv4 addresses, as <c>10.99.0.0/16</c>. Bits after the prefix are always zero.</summary>
public readonly record struct Cidr
{
    /// <summary>The range of that prefix which holds the address.</summary>
    /// <param name="address">Any address of the range.</param>
    /// <param name="prefix">Prefix length, 0 to 32.</param>
    public Cidr(uint address, int prefix)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix, 32);
        Prefix = prefix;
        Network = address & Mask(prefix);
    }

    /// <summary>First address, as a number.</summary>
    public uint Network { get; }

    /// <summary>Prefix length.</summary>
    public int Prefix { get; }

    /// <summary>Last address, as a number.</summary>
    public uint Last => Network | ~Mask(Prefix);

    /// <summary>How many addresses it holds.</summary>
    public long Size => 1L << (32 - Prefix);

    /// <summary>Reads <c>a.b.c.d/n</c>; refuses what is not exactly that, and addresses inside the range instead of its first.</summary>
    public static bool TryParse(string? text, out Cidr cidr) => TryParse(text, out cidr, out _);

    /// <summary>Reads <c>a.b.c.d/n</c>, or says in half a sentence what is wrong.</summary>
    public static bool TryParse(string? text, out Cidr cidr, [NotNullWhen(false)] out string? problem)
    {
        cidr = default;
        var parts = (text ?? "").Split('/');
        if (parts.Length != 2 || !TryAddress(parts[0], out var address)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) || prefix > 32
            || (parts[1].Length > 1 && parts[1][0] == '0'))
        {
            problem = "is not an IPv4 CIDR; write it as 10.99.0.0/16";
            return false;
        }

        cidr = new Cidr(address, prefix);
        if (cidr.Network != address)
        {
            problem = $"is an address inside its range; the range is written {cidr}";
            cidr = default;
            return false;
        }

        problem = null;
        return true;
    }

    /// <summary>Reads <c>a.b.c.d/n</c>.</summary>
    /// <exception cref="FormatException">The text is not a CIDR.</exception>
    public static Cidr Parse(string text) =>
        TryParse(text, out var cidr, out var problem) ? cidr : throw new FormatException($"'{text}' {problem}.");

    /// <summary>Whether the two share an address.</summary>
    public bool Overlaps(Cidr other) => Network <= other.Last && other.Network <= Last;

    /// <summary>Whether all of the other is in this.</summary>
    public bool Contains(Cidr other) => Network <= other.Network && other.Last <= Last;

    /// <summary>Whether the address is in this.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && TryAddress(address.ToString(), out var number) && Network <= number && number <= Last;
    }

    /// <summary>The address that many after the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range has no such address.</exception>
    public IPAddress Host(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset, Size);
        var number = (uint)(Network + offset);
        return new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
    }

    /// <summary>The n-th of the equal parts with that prefix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range has no such part.</exception>
    public Cidr Part(int prefix, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(prefix, Prefix);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefix, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, 1L << (prefix - Prefix));
        return new Cidr((uint)(Network + ((long)index << (32 - prefix))), prefix);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Network >> 24}.{(Network >> 16) & 255}.{(Network >> 8) & 255}.{Network & 255}/{Prefix}");

    private static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);

    // IPAddress.Parse takes octal, hexadecimal and short forms, which read as other addresses than they look.
    private static bool TryAddress(string text, out uint address)
    {
        address = 0;
        var parts = text.Split('.');
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || (part.Length > 1 && part[0] == '0'))
            {
                return false;
            }

            address = (address << 8) | value;
        }

        return parts.Length == 4;
    }
}
