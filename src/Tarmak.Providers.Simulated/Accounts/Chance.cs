namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// The chances of one call, from the seed and from what the call is: two calls do not take each other's, whatever order
/// they come in.
/// </summary>
/// <param name="state">Where the sequence begins.</param>
internal struct Chance(ulong state)
{
    private ulong state = state;

    /// <summary>A number in [0, 1).</summary>
    public double Next() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number of the standard normal distribution.</summary>
    public double NextNormal() => Math.Sqrt(-2.0 * Math.Log(1.0 - Next())) * Math.Cos(2.0 * Math.PI * Next());

    /// <summary>A chance of its own for another question about the same call.</summary>
    public readonly Chance For(int question) => new(Mix(state ^ (0x9E3779B97F4A7C15UL * (ulong)(question + 1))));

    /// <summary>Mixes bits so that near numbers come out far apart.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }

    private ulong NextBits() => Mix(state += 0x9E3779B97F4A7C15UL);
}
