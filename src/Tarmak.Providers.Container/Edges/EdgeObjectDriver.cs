using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Edges;

/// <summary>
/// What drivers of an edge's objects share. Their ids are <c>edge/name</c> or <c>edge/parent/name</c> with the edge's
/// name, which stays when its container is made again.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
internal abstract class EdgeObjectDriver<TSpec>(EdgeStore edges) : ContainerDriver<TSpec>
    where TSpec : class
{
    /// <summary>Name of the edge that an id belongs to.</summary>
    protected static string EdgeOf(string id) => id.Split('/')[0];

    /// <summary>The id's part after the edge's name.</summary>
    protected static string Inside(string id) => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>Where the object is or should be: the edge's name or its container's id.</summary>
    protected abstract string? EdgeFor(TSpec spec);

    /// <summary>What the state says of the object.</summary>
    protected abstract Observation Look(EdgeSnapshot edge, ResourceCall call, TSpec spec);

    /// <summary>The state with the object as wanted; the same instance where it is so already.</summary>
    protected abstract EdgeState With(EdgeSnapshot edge, ResourceCall call, TSpec spec);

    /// <summary>The state without the object; the same instance where it is not there or not this one.</summary>
    protected abstract EdgeState Without(EdgeSnapshot edge, ResourceCall call, TSpec spec);

    /// <summary>What is wrong with the specification itself, as a sentence; null where nothing is.</summary>
    protected virtual string? Problem(TSpec spec) => null;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (await FindEdgeAsync(call, spec, cancellationToken).ConfigureAwait(false) is not { } edge)
        {
            return Gone();
        }

        var seen = Look(edge, call, spec);
        return Seen(seen is { Exists: true, InSync: true } && !(edge.IsRunning && edge.InForce)
            ? Observation.Drifted(seen.ObjectId!, seen.Outputs!, edge.IsRunning ? "The edge's servers have not taken it over." : "The edge is not running.")
            : seen);
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (Problem(spec) is { } problem)
        {
            return Refused(ErrorClass.InvalidSpec, problem);
        }

        if (EdgeFor(spec) is not { } place)
        {
            return Refused(ErrorClass.InvalidSpec, $"{call.Marks.Owner} names no edge, and this provider serves it from one.");
        }

        var edge = await edges.ChangeAsync(place, call.Marks.Installation, e => With(e, call, spec), cancellationToken).ConfigureAwait(false);
        return Seen(Look(edge, call, spec));
    }

    protected override async Task<StepOutcome> DeleteCoreAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (await FindEdgeAsync(call, spec, cancellationToken).ConfigureAwait(false) is not { } edge)
        {
            return Gone();
        }

        if (!ReferenceEquals(Without(edge, call, spec), edge.State))
        {
            await edges.ChangeAsync(edge.Name, call.Marks.Installation, e => Without(e, call, spec), cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }
    /// <summary>The edge of the object; null where it is gone with its state, and the object with them.</summary>
    private async Task<EdgeSnapshot?> FindEdgeAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if ((call.ObjectId is { } id ? EdgeOf(id) : EdgeFor(spec)) is not { } place)
        {
            return null;
        }

        if (await edges.FindSettledAsync(place, call.Marks.Installation, cancellationToken).ConfigureAwait(false) is { } edge)
        {
            return edge;
        }

        // The container in the specification may have been replaced since; the kept state says the edge's name.
        if (await edges.KeptNameAsync(call.Marks, cancellationToken).ConfigureAwait(false) is not { } kept)
        {
            return null;
        }

        // A kept state serves the object again as soon as the edge has a container again: it is not gone.
        return await edges.FindSettledAsync(kept, call.Marks.Installation, cancellationToken).ConfigureAwait(false)
            ?? throw EngineFaultException.Failed(
                ErrorClass.DependencyMissing, $"The edge {kept} has no container, only its state, which holds what {call.Marks.Owner} has in it.");
    }
}
