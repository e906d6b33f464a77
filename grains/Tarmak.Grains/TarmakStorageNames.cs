namespace Tarmak.Grains;

/// <summary>Names of storage providers registered with Orleans.</summary>
public static class TarmakStorageNames
{
    /// <summary>Grain state that is not a machine's.</summary>
    public const string Settings = "settings";
}
