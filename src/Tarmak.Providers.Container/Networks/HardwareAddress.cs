using System.Net;

namespace Tarmak.Providers.Container.Networks;

/// <summary>
/// Hardware addresses that follow from addresses: a machine that is started or made again is at once where its neighbours
/// look for it. With others of the engine's choice they would look in vain until what they know runs out, up to a minute.
/// </summary>
internal static class HardwareAddress
{
    /// <summary>The hardware address of whoever has an address in its network: locally administered, of one sender.</summary>
    /// <param name="address">The address, of version 4.</param>
    public static string Of(string address) => "02:42:" + string.Join(':', IPAddress.Parse(address).GetAddressBytes().Select(b => b.ToString("x2")));
}
