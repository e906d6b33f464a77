using System.Collections.Immutable;
using Tarmak.Machines.Budgets;

namespace Tarmak.Providers.Requirements;

/// <summary>Which calls of a family a limit counts.</summary>
public enum CountedCalls
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that only look.</summary>
    Reads,

    /// <summary>Those that change something.</summary>
    Writes,
}

/// <summary>How many calls of a family a cloud lets an account make, as it declares it. What it refuses beyond that is learned.</summary>
/// <param name="Family">Its name, for people and metrics.</param>
/// <param name="Rate">How many.</param>
/// <param name="Kinds">The kinds of object whose calls are counted in it.</param>
public sealed record ApiLimit(string Family, CallRate Rate, ImmutableArray<string> Kinds)
{
    /// <summary>Which of their calls.</summary>
    public CountedCalls Counts { get; init; }

    /// <summary>Whether pages of the list of owned objects are counted in it.</summary>
    public bool CountsLists { get; init; }

    /// <summary>Which family a call is counted in, and what is declared of it.</summary>
    /// <param name="sheet">The provider's sheet.</param>
    /// <param name="ask">The call.</param>
    /// <returns>The family; where the sheet has none for it, its capability's, of which nothing is known.</returns>
    public static (string Family, CallRate? Declared) Of(RequirementSheet sheet, CallAsk ask)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(ask);
        foreach (var limit in sheet.ApiLimits)
        {
            if (limit.Counts switch { CountedCalls.Reads => ask.Reads, CountedCalls.Writes => !ask.Reads, _ => true }
                && (ask.Kind.Length == 0 ? limit.CountsLists : limit.Kinds.Contains(ask.Kind)))
            {
                return (limit.Family, limit.Rate);
            }
        }

        return (ask.Kind.Length == 0 ? "lists" : Model.Resources.CapabilityNames.Of(ask.Kind) ?? ask.Kind, null);
    }
}
