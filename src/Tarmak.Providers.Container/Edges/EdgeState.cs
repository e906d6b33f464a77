using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Edges;

/// <summary>All that an edge serves. Its servers' files are rendered from it, and it is the record of who owns what.</summary>
internal sealed record EdgeState
{
    /// <summary>The form in which this program writes.</summary>
    public const int CurrentSchema = 1;

    /// <summary>The form in which it was written.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>Number of the state, from 1; it rises with every change.</summary>
    public int Version { get; init; }

    /// <summary>Zones by name.</summary>
    public ImmutableSortedDictionary<string, EdgeZone> Zones { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeZone>(StringComparer.Ordinal);

    /// <summary>Balancers by name.</summary>
    public ImmutableSortedDictionary<string, EdgeBalancer> Balancers { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeBalancer>(StringComparer.Ordinal);
}

/// <summary>Whose an object of the edge is.</summary>
/// <param name="Owner">The owner's marks.</param>
/// <param name="Incarnation">Which object in the line of replacements.</param>
internal sealed record EdgeMark(OwnerMarks Owner, int Incarnation)
{
    public static EdgeMark Of(ResourceCall call) => new(call.Marks, call.Incarnation);

    public bool IsOwn(ResourceCall call) => Owner.Installation == call.Marks.Installation && Owner.Uid == call.Marks.Uid;

    public bool IsThis(ResourceCall call) => IsOwn(call) && Incarnation == call.Incarnation;

    /// <summary>Refuses a call that would change what is somebody else's, or a later incarnation's.</summary>
    public void RefuseOthers(ResourceCall call, string thing, string name)
    {
        if (!IsOwn(call))
        {
            throw EngineFaultException.Failed(ErrorClass.Conflict, Labels.Foreign(thing, name));
        }

        Labels.RefuseLate(Incarnation, call, thing);
    }
}

/// <summary>A zone.</summary>
internal sealed record EdgeZone
{
    public required EdgeMark Mark { get; init; }

    /// <summary>Record sets by <c>name TYPE</c>.</summary>
    public ImmutableSortedDictionary<string, EdgeRecordSet> RecordSets { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeRecordSet>(StringComparer.Ordinal);
}

/// <summary>A record set.</summary>
internal sealed record EdgeRecordSet(EdgeMark Mark, string Name, string Type, int TtlSeconds, ImmutableArray<string> Values);

/// <summary>A balancer.</summary>
internal sealed record EdgeBalancer
{
    public required EdgeMark Mark { get; init; }

    public required int Port { get; init; }

    public required HealthCheck Health { get; init; }

    public required int IdleSeconds { get; init; }

    /// <summary>Targets by name.</summary>
    public ImmutableSortedDictionary<string, EdgeTarget> Targets { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeTarget>(StringComparer.Ordinal);
}

/// <summary>A target.</summary>
internal sealed record EdgeTarget(EdgeMark Mark, string Address, int Port);
