using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Conformance.Sweep;

/// <summary>
/// Looks as late as a driver's declaration permits: within the visibility bound of an effect, what was so before it. A machine
/// that holds to the declaration is right all the same.
/// </summary>
/// <param name="time">The clock of the account.</param>
/// <param name="bound">The declared bound.</param>
internal sealed class StaleLooks(TimeProvider time, TimeSpan bound)
{
    private readonly Dictionary<int, (Observation Before, Observation Now, long Since)> sights = [];

    /// <summary>An effect took place.</summary>
    public void Took(int incarnation, Observation seen)
    {
        var before = sights.TryGetValue(incarnation, out var last) ? last.Now : Observation.Absent;
        if (before != seen)
        {
            sights[incarnation] = (before, seen, time.GetTimestamp());
        }
    }

    /// <summary>What a look that is as late as permitted tells; null where it must tell what is so.</summary>
    public Observation? Late(int incarnation) =>
        sights.TryGetValue(incarnation, out var last) && time.GetElapsedTime(last.Since) < bound ? last.Before : null;
}
