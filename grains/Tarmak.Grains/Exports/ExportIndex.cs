using System.Collections.Immutable;
using Tarmak.Grains.Abstractions;

namespace Tarmak.Grains.Exports;

/// <summary>
/// The one object of an export that is replaced: it names the parts that belong together, all as they were at one revision.
/// Parts are written before it and never changed, so whoever reads it reads a whole.
/// </summary>
internal sealed record ExportIndex
{
    /// <summary>Newest version of the shape that this program knows.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Version of this record's shape, and of the parts'.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name of the environment.</summary>
    public required string Environment { get; init; }

    /// <summary>Identity of the home that wrote it. Another home that took the environment over writes its own.</summary>
    public required string Writer { get; init; }

    /// <summary>The writer's revision that it shows.</summary>
    public required long Revision { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The parts: what the environment owns itself, and one for each cluster.</summary>
    public required ImmutableArray<ExportedPart> Parts { get; init; }

    /// <summary>Manifests of the providers it uses.</summary>
    public required ImmutableArray<ExportedProvider> Providers { get; init; }
}

/// <summary>A part of an export.</summary>
/// <param name="Cluster">Name of the cluster; null: what the environment owns itself.</param>
/// <param name="Key">The object that holds it.</param>
/// <param name="Machines">How many machines are in it.</param>
internal sealed record ExportedPart(string? Cluster, string Key, int Machines);

/// <summary>A provider's manifest in an export.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Spec">The spec as canonical JSON; it holds no secret, only where one is.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Annotations">Annotations.</param>
internal sealed record ExportedProvider(
    string Name, string Spec, ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, string> Annotations)
{
    /// <summary>The manifest as it is stored.</summary>
    public static ExportedProvider Of(StoredProvider stored) => new(
        stored.Name, stored.Spec, stored.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal), stored.Annotations.ToImmutableSortedDictionary(StringComparer.Ordinal));

    /// <summary>Whether it is the same manifest.</summary>
    public bool IsAs(ExportedProvider other) =>
        Name == other.Name && Spec == other.Spec && Labels.SequenceEqual(other.Labels) && Annotations.SequenceEqual(other.Annotations);
}
