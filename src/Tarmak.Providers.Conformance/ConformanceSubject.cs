namespace Tarmak.Providers.Conformance;

/// <summary>A provider as the kit checks it.</summary>
/// <param name="Name">Its name, for the report.</param>
/// <param name="Installation">Identity of the installation it is opened for; what the kit makes carries it.</param>
/// <param name="Open">Opens it. Called several times: as often as an engine would be started.</param>
public sealed record ConformanceSubject(string Name, string Installation, Func<IProvider> Open)
{
    /// <summary>A DNS zone that records may be written in, for providers that make no zones; null: their checks fail.</summary>
    public string? Zone { get; init; }
}
