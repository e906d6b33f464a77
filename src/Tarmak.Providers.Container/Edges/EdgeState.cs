using System.Collections.Immutable;
using Tarmak.Model.Resources;
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

    /// <summary>Of which <see cref="EdgeRendering.Current"/> the servers' files are; zero in a state written before there was a number.</summary>
    public int Rendering { get; init; }

    /// <summary>Zones by name.</summary>
    public ImmutableSortedDictionary<string, EdgeZone> Zones { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeZone>(StringComparer.Ordinal);

    /// <summary>Balancers by name.</summary>
    public ImmutableSortedDictionary<string, EdgeBalancer> Balancers { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeBalancer>(StringComparer.Ordinal);

    /// <summary>Peerings by the names of their offers.</summary>
    public ImmutableSortedDictionary<string, EdgePeering> Peerings { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgePeering>(StringComparer.Ordinal);

    /// <summary>Owners of the registry's repositories, by the repositories' names.</summary>
    /// <remarks>A state written before there were any has none.</remarks>
    public ImmutableSortedDictionary<string, RecordedOwner> Repositories
    {
        get;
        init => field = value ?? ImmutableSortedDictionary.Create<string, RecordedOwner>(StringComparer.Ordinal);
    }
    = ImmutableSortedDictionary.Create<string, RecordedOwner>(StringComparer.Ordinal);

    /// <summary>What instances may call, by the names of their identities.</summary>
    /// <remarks>A state written before there were any has none.</remarks>
    public ImmutableSortedDictionary<string, EdgeIdentity> Identities
    {
        get;
        init => field = value ?? ImmutableSortedDictionary.Create<string, EdgeIdentity>(StringComparer.Ordinal);
    }
    = ImmutableSortedDictionary.Create<string, EdgeIdentity>(StringComparer.Ordinal);
}

/// <summary>What an instance may call.</summary>
/// <param name="Mark">Whose it is.</param>
/// <param name="Spec">What it may.</param>
internal sealed record EdgeIdentity(RecordedOwner Mark, AccessIdentitySpec Spec);

/// <summary>A way between two networks of the edge.</summary>
/// <param name="Mark">Whose the offer is.</param>
/// <param name="Cidr">Range of the network that asked.</param>
/// <param name="PeerCidr">Range of the network that is reached.</param>
/// <param name="Accepted">Who accepted it; null: nobody, and nothing passes.</param>
internal sealed record EdgePeering(RecordedOwner Mark, string Cidr, string PeerCidr, RecordedOwner? Accepted);

/// <summary>A zone.</summary>
internal sealed record EdgeZone
{
    public required RecordedOwner Mark { get; init; }

    /// <summary>Record sets by <c>name TYPE</c>.</summary>
    public ImmutableSortedDictionary<string, EdgeRecordSet> RecordSets { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeRecordSet>(StringComparer.Ordinal);
}

/// <summary>A record set.</summary>
internal sealed record EdgeRecordSet(RecordedOwner Mark, string Name, string Type, int TtlSeconds, ImmutableArray<string> Values);

/// <summary>A balancer.</summary>
internal sealed record EdgeBalancer
{
    public required RecordedOwner Mark { get; init; }

    public required int Port { get; init; }

    public required HealthCheck Health { get; init; }

    public required int IdleSeconds { get; init; }

    /// <summary>Targets by name.</summary>
    public ImmutableSortedDictionary<string, EdgeTarget> Targets { get; init; } =
        ImmutableSortedDictionary.Create<string, EdgeTarget>(StringComparer.Ordinal);
}

/// <summary>A target.</summary>
internal sealed record EdgeTarget(RecordedOwner Mark, string Address, int Port);
