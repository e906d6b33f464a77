namespace Tarmak.Grains.Exports;

/// <summary>Where an environment's export is in its bucket. A bucket may hold those of several.</summary>
/// <param name="installation">Identity of the installation.</param>
/// <param name="environment">Name of the environment.</param>
internal sealed class ExportKeys(string installation, string environment)
{
    /// <summary>The index.</summary>
    public string Index => $"{Prefix}index";

    /// <summary>What all parts' keys begin with.</summary>
    public string Parts => $"{Prefix}parts/";

    /// <summary>Whether a part was written by a home.</summary>
    /// <param name="part">Key of the part.</param>
    /// <param name="writer">Identity of the home.</param>
    public static bool IsOf(string part, string writer) => part[(part.LastIndexOf('/') + 1)..].StartsWith($"{writer}-", StringComparison.Ordinal);

    private string Prefix => $"exports/{installation}/{environment}/";

    /// <summary>Key of a part. No two are alike: a home gives no revision twice, and two homes are two writers.</summary>
    /// <param name="cluster">Name of the cluster; null: what the environment owns itself.</param>
    /// <param name="writer">Identity of the home.</param>
    /// <param name="revision">The revision it shows.</param>
    public string Part(string? cluster, string writer, long revision) => FormattableString.Invariant($"{Parts}{cluster ?? "."}/{writer}-{revision}");
}
