using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>A range of ports, both ends included; written as <c>21000-21031</c>.</summary>
/// <param name="First">Lowest port.</param>
/// <param name="Last">Highest port.</param>
[JsonConverter(typeof(PortRangeConverter))]
public sealed record PortRange(int First, int Last)
{
    /// <summary>How many ports the range holds.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether both ranges hold a common port.</summary>
    public bool Overlaps(PortRange other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return First <= other.Last && other.First <= Last;
    }

    /// <summary>Reads <c>first-last</c>; false unless both are ports and in order.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PortRange? range)
    {
        range = null;
        var parts = (text ?? "").Split('-');
        if (parts.Length != 2 || !TryPort(parts[0], out var first) || !TryPort(parts[1], out var last) || first > last)
        {
            return false;
        }

        range = new PortRange(first, last);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;
}
