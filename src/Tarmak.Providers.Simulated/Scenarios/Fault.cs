using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;

namespace Tarmak.Providers.Simulated.Scenarios;

/// <summary>A fault placed on calls.</summary>
internal sealed class Fault
{
    private int met;

    /// <summary>What happens.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>Of <see cref="FaultKind.Fail"/>: the class of the refusal.</summary>
    public ErrorClass Error { get; init; } = ErrorClass.Transient;

    /// <summary>The method; null: any.</summary>
    public CloudMethod? Method { get; init; }

    /// <summary>The resource kind; null: any.</summary>
    public string? Of { get; init; }

    /// <summary>What must be found in the object's name; null: any name.</summary>
    public Regex? NameMatches { get; init; }

    /// <summary>Which of the calls that meet the rest, from 1; null: all.</summary>
    public int? Nth { get; init; }

    /// <summary>How many of the calls that meet the rest, from 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether a call meets it. Asked once for each call, for it counts.</summary>
    public bool Meets(CloudRequest request, string? name, Chance chance) =>
        (Method is null || Method == request.Method)
        && (Of is null || Of == request.Kind)
        && (NameMatches is null || (name is not null && NameMatches.IsMatch(name)))
        && (Nth is null || Interlocked.Increment(ref met) == Nth)
        && (Probability >= 1 || chance.Next() < Probability);
}
