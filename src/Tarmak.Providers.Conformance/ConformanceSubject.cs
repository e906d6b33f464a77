using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance;

/// <summary>A provider as the kit checks it.</summary>
/// <param name="Name">Its name, for the report.</param>
/// <param name="Installation">Identity of the installation it is opened for; what the kit makes carries it.</param>
/// <param name="Open">Opens it. Called several times: as often as an engine would be started.</param>
public sealed record ConformanceSubject(string Name, string Installation, Func<IProvider> Open)
{
    /// <summary>A DNS zone that records may be written in, for providers that make no zones; null: their checks fail.</summary>
    public string? Zone { get; init; }

    /// <summary>Opens it for another installation in the same account; null: it cannot be, and what needs it is told as not offered.</summary>
    public Func<string, IProvider>? OpenAs { get; init; }

    /// <summary>
    /// Another provider, opened for the same installation, that capabilities may be taken from for what this one makes; null:
    /// there is none, and what needs it is told as not offered. What is tried with the two is of this provider's report.
    /// </summary>
    public ConformanceSubject? Other { get; init; }

    /// <summary>How faults are provoked on purpose; null: they cannot be, and what needs them is told as not offered.</summary>
    public IFaultInjection? Faults { get; init; }
}
