using System.Collections.Immutable;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Conformance.Faults;

/// <summary>One way in which a cloud can fail, and what a provider must make of it.</summary>
/// <param name="Name">What is wrong, in plain words: <c>the account's quota is used up</c>.</param>
/// <param name="Error">The class of the contract's table it must come back as; null: nobody knows whether the call took effect.</param>
public sealed record FaultCase(string Name, ErrorClass? Error)
{
    /// <summary>The resource kinds and capabilities whose calls meet it; empty: all.</summary>
    public ImmutableArray<string> Of { get; init; } = [];

    /// <summary>Whether only calls that may change something meet it: looks are then answered.</summary>
    public bool OnlyChanges { get; init; }

    /// <summary>What must be in no message: a credential of the provider; null: there is none.</summary>
    public string? Secret { get; init; }

    /// <summary>Whether calls of a resource kind or capability meet it.</summary>
    /// <param name="of">The resource kind or capability.</param>
    /// <returns>Whether they do.</returns>
    public bool Meets(string of) => Of.IsEmpty || Of.Contains(of);
}
