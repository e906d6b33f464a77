using System.Collections.Immutable;

namespace Tarmak.Grains.Moves;

/// <summary>Where an environment's secrets are.</summary>
/// <param name="Place">Number of the place in force.</param>
/// <param name="Provider">Provider of the place in force: reads come from it, and it decides what is written.</param>
/// <param name="Copies">Providers that have a whole copy which may be in force next; what is written is written there too.</param>
internal sealed record PlacedSecrets(int Place, string Provider, ImmutableArray<string> Copies) : IPlaced<PlacedSecrets>
{
    /// <inheritdoc/>
    public bool IsAs(PlacedSecrets other) => Place == other.Place && Provider == other.Provider && Copies.SequenceEqual(other.Copies, StringComparer.Ordinal);
}
