using System.Globalization;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>
/// Whether an instance is as its bundle says. It is when its agent reported two runs of the bundle in force, the
/// newest of which changed nothing. Failure, silence and never enrolled are three other things, and are told apart.
/// </summary>
/// <param name="directory">What agents reported.</param>
/// <param name="time">The clock.</param>
public sealed class ConvergenceDriver(IAgentDirectory directory, TimeProvider time) : IResourceDriver<ConvergenceSpec>
{
    /// <summary>An agent that reported nothing for so long is silent: two of its cadences.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromMinutes(70);

    private const string NotReported = "Its agent is enrolled and has not reported a run of the present bundle yet.";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Convergence,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = EngineDrivers.CallDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public async Task<StepOutcome> ObserveAsync(ResourceCall call, ConvergenceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var reported = await directory.RunsAsync(spec.InstanceUid, SqliteAgentDirectory.RunsKept, cancellationToken).ConfigureAwait(false);
        var runs = OfBundle(reported, spec);
        if (runs.Count == 0)
        {
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        var problem = Silence(reported[0].At) ?? (runs[0].Result == RunResult.Failed ? Failure(runs[0]) : null);
        return new StepOutcome.Succeeded(problem is null
            ? Observation.Present(Id(spec), Outputs(runs))
            : Observation.Drifted(Id(spec), Outputs(runs), problem));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, ConvergenceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var reported = await directory.RunsAsync(spec.InstanceUid, SqliteAgentDirectory.RunsKept, cancellationToken).ConfigureAwait(false);
        if (reported.Count == 0)
        {
            return Waiting(await BeforeTheFirstReportAsync(spec, cancellationToken).ConfigureAwait(false));
        }

        if (Silence(reported[0].At) is { } silence)
        {
            return Waiting(silence);
        }

        var runs = OfBundle(reported, spec);
        if (runs.Count == 0)
        {
            return Waiting(NotReported);
        }

        return runs[0] switch
        {
            { Result: RunResult.Failed } failed => Waiting(Failure(failed)),
            { Result: RunResult.Changed, Number: var number } => Waiting(
                string.Create(CultureInfo.InvariantCulture, $"Run {number} changed something; the next one must change nothing.")),
            _ when runs.Count < 2 => Waiting("One run changed nothing; a second one proves it."),
            _ => new StepOutcome.Succeeded(Observation.Present(Id(spec), Outputs(runs))),
        };
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, ConvergenceSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        await directory.ForgetAsync(spec.InstanceUid, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(Observation.Absent);
    }

    private static string Id(ConvergenceSpec spec) => $"{spec.InstanceUid}/{spec.BundleHash[..12]}";

    private static StepOutcome.InProgress Waiting(string detail) => new("reports", Poll, detail);

    private static string Failure(ConfigurationRun run)
    {
        var first = run.Resources.FirstOrDefault(r => r.Failed);
        var what = first is null ? run.Message ?? "no catalogue was applied" : $"{first.Resource}: {first.Message}";
        return string.Create(CultureInfo.InvariantCulture, $"Run {run.Number} failed at {what}");
    }

    private static string Outputs(IReadOnlyList<ConfigurationRun> runs) => ResourceJson.Write(new ConvergenceOutputs(
        runs.Count, (int)(runs.LastOrDefault(r => r.Result == RunResult.Unchanged)?.Number ?? 0)));

    private static IReadOnlyList<ConfigurationRun> OfBundle(IReadOnlyList<ConfigurationRun> reported, ConvergenceSpec spec) =>
        [.. reported.Where(r => r.BundleHash == spec.BundleHash)];

    private async Task<string> BeforeTheFirstReportAsync(ConvergenceSpec spec, CancellationToken cancellationToken)
    {
        if (await directory.FindByInstanceAsync(spec.InstanceUid, cancellationToken).ConfigureAwait(false) is { } agent)
        {
            return Silence(agent.EnrolledAt) ?? NotReported;
        }

        // An engine that was away may have kept the agent from enrolling in time: as long as this instance is wanted it may.
        await directory.ExtendEnrolmentAsync(spec.InstanceUid, time.GetUtcNow() + FirstBootSecrets.Validity, cancellationToken).ConfigureAwait(false);
        return "Its agent has not enrolled yet.";
    }

    private string? Silence(DateTimeOffset lastHeard) => time.GetUtcNow() - lastHeard > SilentAfter
        ? string.Create(CultureInfo.InvariantCulture, $"Its agent has been silent since {lastHeard:u}; look at tarmak logs.")
        : null;
}
