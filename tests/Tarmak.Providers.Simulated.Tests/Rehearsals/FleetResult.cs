using System.Globalization;

namespace Tarmak.Rehearsals;

/// <summary>What a rehearsal came to, in virtual time.</summary>
/// <param name="Makespan">Until all clusters were ready.</param>
/// <param name="Calls">Calls that reached the account.</param>
/// <param name="Refused">Those that were one too many.</param>
/// <param name="ThrottledSteps">Steps that failed of it.</param>
/// <param name="Needed">Calls divided by the limit, of the busiest limit.</param>
/// <param name="ReadyClusters">Clusters that are ready.</param>
/// <param name="Waited">Calls that waited for the budget.</param>
/// <param name="Shared">Looks answered by another's.</param>
internal sealed record FleetResult(TimeSpan Makespan, long Calls, long Refused, long ThrottledSteps, TimeSpan Needed, int ReadyClusters, long Waited, long Shared)
{
    /// <summary>The share of calls that were one too many.</summary>
    public double RefusedShare => Calls == 0 ? 0 : (double)Refused / Calls;

    /// <summary>How much longer it took than it had to: than the critical path, and than its calls need.</summary>
    /// <param name="criticalPath">The makespan where nothing is limited.</param>
    public double Over(TimeSpan criticalPath) => Makespan / (criticalPath > Needed ? criticalPath : Needed);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{ReadyClusters} clusters ready in {Makespan.TotalSeconds:N0} s; {Calls:N0} calls, {Refused:N0} refused ({RefusedShare:P2}), {Waited:N0} waited; calls need {Needed.TotalSeconds:N0} s");
}
