using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Grains.Telemetry;

/// <summary>Spans and metrics of machines. Their names are in <c>docs/operations/telemetry.md</c>.</summary>
public sealed class MachineInstruments : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Tarmak.Machines";

    private readonly ActivitySource source = new(Name);
    private readonly Meter meter = new(Name);
    private readonly Histogram<double> stepDuration;
    private readonly Counter<long> stepRetries;
    private readonly Counter<long> phaseChanges;

    /// <summary>Makes the instruments.</summary>
    public MachineInstruments()
    {
        stepDuration = meter.CreateHistogram<double>("tarmak.step.duration", "s", "Duration of one driver call.");
        stepRetries = meter.CreateCounter<long>("tarmak.step.retries", "{step}", "Driver calls that failed or whose outcome is unknown.");
        phaseChanges = meter.CreateCounter<long>("tarmak.machine.phase_changes", "{change}", "Machines that entered a phase.");
    }

    /// <summary>Starts a step's span: a trace of its own, linked to the command that began the operation.</summary>
    /// <param name="call">The step.</param>
    /// <returns>The span with its start.</returns>
    public Activity? StartStep(StepCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        IEnumerable<ActivityLink> links = call.TraceParent is { } parent && ActivityContext.TryParse(parent, null, out var context)
            ? [new ActivityLink(context)]
            : [];

        // Whatever grain call happens to be under way did not ask for this step.
        Activity.Current = null;
        return source.StartActivity(
            "tarmak.step", ActivityKind.Client, parentContext: default, links: links, startTime: default,
            tags:
            [
                new("tarmak.resource.kind", call.Kind),
                new("tarmak.step.kind", call.Step.ToString()),
                new("tarmak.provider", call.Provider),
                new("tarmak.resource", call.Owner.Key),
                new("tarmak.resource.uid", call.Uid),
            ]);
    }

    /// <summary>Ends a step's span.</summary>
    /// <param name="span">The span.</param>
    /// <param name="call">The step.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">How long it took.</param>
    public void EndStep(Activity? span, StepCall call, StepOutcome outcome, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(outcome);
        var name = outcome.GetType().Name;
        TagList tags = new()
        {
            { "tarmak.resource.kind", call.Kind },
            { "tarmak.step.kind", call.Step.ToString() },
            { "tarmak.step.outcome", name },
        };
        stepDuration.Record(elapsed.TotalSeconds, tags);
        span?.SetTag("tarmak.step.outcome", name);
        if (outcome is StepOutcome.Failed failed)
        {
            span?.SetTag("error.type", failed.Error.ToString()).SetStatus(ActivityStatusCode.Error, failed.Message);
        }

        if (outcome is StepOutcome.Failed or StepOutcome.Unknown)
        {
            stepRetries.Add(1, tags);
        }
    }

    /// <summary>Counts a commit's phase change, if it is one.</summary>
    /// <param name="next">The committed state.</param>
    /// <param name="previous">The state before.</param>
    public void Committed(MachineState next, MachineState previous)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(previous);
        if (next.Phase != previous.Phase)
        {
            phaseChanges.Add(1, new TagList { { "tarmak.machine.kind", next.Address.Kind.ToString() }, { "tarmak.machine.phase", next.Phase.ToString() } });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        meter.Dispose();
    }
}
