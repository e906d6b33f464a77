using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>Gives each call its chances.</summary>
/// <param name="seed">The seed.</param>
internal sealed class Chances(long seed)
{
    // How often a call was made is counted in so many places. Where two share one, they only lose being independent of order.
    private readonly int[] made = new int[1 << 14];

    public Chance Of(CloudRequest request)
    {
        var what = Hash(Hash(Hash((ulong)seed, request.Method.ToString()), request.Kind), request.Name ?? request.Id ?? request.Uid ?? "");
        var times = Interlocked.Increment(ref made[what & (ulong)(made.Length - 1)]);
        return new Chance(Chance.Mix(what ^ (ulong)times));
    }

    private static ulong Hash(ulong start, string text)
    {
        var hash = Chance.Mix(start ^ 0xCBF29CE484222325UL);
        foreach (var character in text)
        {
            hash = (hash ^ character) * 0x100000001B3UL;
        }

        return Chance.Mix(hash);
    }
}
