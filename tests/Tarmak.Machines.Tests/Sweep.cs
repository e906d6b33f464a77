namespace Tarmak.Machines.Tests;

/// <summary>How much is tried: a little by default, everything with TARMAK_SWEEP=full.</summary>
internal static class Sweep
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("TARMAK_SWEEP") == "full";

    public static int Size(int usual, int full) => Full ? full : usual;
}
