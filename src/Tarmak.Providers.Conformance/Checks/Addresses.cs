using System.Net;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Addresses in the network that checks stand on.</summary>
internal static class Addresses
{
    /// <summary>The address some places after another.</summary>
    public static string Beside(string address, int places)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        bytes[^1] = checked((byte)(bytes[^1] + places));
        return new IPAddress(bytes).ToString();
    }
}
