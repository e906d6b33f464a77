namespace Tarmak.Machines;

/// <summary>The engine itself as a provider of what no cloud offers: authorities, bundles, convergence.</summary>
public static class EngineProvider
{
    /// <summary>Its name; no manifest's provider can have it.</summary>
    public const string Name = "tarmak.engine";
}
