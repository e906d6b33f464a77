namespace Tarmak.Providers.Container.Machines;

/// <summary>
/// Size classes as memory limits and shares of the processor: shares bind only when the machine is busy, so a first
/// configuration run takes what is idle.
/// </summary>
internal static class MachineSizes
{
    private const long MiB = 1024 * 1024;

    private static readonly Dictionary<string, MachineSize> Classes = new(StringComparer.Ordinal)
    {
        ["tiny"] = new(512 * MiB, 512),
        ["small"] = new(1024 * MiB, 1024),
        ["medium"] = new(2048 * MiB, 2048),
        ["large"] = new(4096 * MiB, 4096),
    };

    /// <summary>Names of the classes, smallest first.</summary>
    public static IReadOnlyCollection<string> Names => Classes.Keys;

    /// <summary>A class by its name; null where there is none.</summary>
    public static MachineSize? Find(string name) => Classes.GetValueOrDefault(name);

    /// <summary>The sentence for a name that is none.</summary>
    public static string Unknown(string name) => $"There is no size {name}; take one of {string.Join(", ", Classes.Keys)}.";
}

/// <summary>What a container of a size class may use.</summary>
/// <param name="Memory">Memory, in bytes.</param>
/// <param name="CpuShares">Relative weight.</param>
internal sealed record MachineSize(long Memory, long CpuShares);
