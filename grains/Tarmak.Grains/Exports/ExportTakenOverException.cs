namespace Tarmak.Grains.Exports;

/// <summary>Another home exports an environment: it was recovered there.</summary>
/// <param name="environment">Name of the environment.</param>
public sealed class ExportTakenOverException(string environment)
    : Exception($"Environment {environment} was recovered into another home, which exports it since; two engines must not keep one environment: end this one with tarmak down, or that one.")
{
    /// <summary>Name of the environment.</summary>
    public string Environment { get; } = environment;
}
