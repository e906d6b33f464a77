using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>A provider that is wrong in one way.</summary>
/// <param name="What">What it does wrong.</param>
/// <param name="Caught">The check that must catch it.</param>
/// <param name="Open">Opens it.</param>
internal sealed record WrongDriver(string What, string Caught, Func<IProvider> Open)
{
    /// <summary>How faults are provoked; null: they are not.</summary>
    public IFaultInjection? Faults { get; init; }

    /// <summary>Opens it for another installation; null: it cannot be.</summary>
    public Func<string, IProvider>? OpenAs { get; init; }

    /// <summary>Another provider that serves what this one makes; null: there is none.</summary>
    public ConformanceSubject? Other { get; init; }
}
