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

    /// <summary>The sentence for an object of somebody else under our name.</summary>
    protected static EngineFaultException Foreign(string thing, string name) =>
        EngineFaultException.Failed(ErrorClass.Conflict, Labels.Foreign(thing, name));

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
        // The container in the specification may have been replaced since; the id's name still finds the edge.
        var place = call.ObjectId is { } id ? EdgeOf(id) : EdgeFor(spec);
        var edge = place is null ? null : await edges.FindAsync(place, call.Marks.Installation, cancellationToken).ConfigureAwait(false);
        if (edge is null)
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
        var place = call.ObjectId is { } id ? EdgeOf(id) : EdgeFor(spec);
        if (place is null)
        {
            return Gone();
        }

        var edge = await edges.FindAsync(place, call.Marks.Installation, cancellationToken).ConfigureAwait(false);
        if (edge is null)
        {
            // A kept state would serve the object again as soon as the edge has a container again.
            return await edges.IsKeptAsync(place, cancellationToken).ConfigureAwait(false)
                ? Refused(ErrorClass.DependencyMissing, $"The edge {place} has no container, so {call.Marks.Owner} cannot be taken out of its state.")
                : Gone();
        }

        if (!ReferenceEquals(Without(edge, call, spec), edge.State))
        {
            await edges.ChangeAsync(edge.Name, call.Marks.Installation, e => Without(e, call, spec), cancellationToken).ConfigureAwait(false);
        }

        return Gone();
    }
}
