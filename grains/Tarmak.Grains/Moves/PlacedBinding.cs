using System.Collections.Immutable;
using Tarmak.Machines.Environments;

namespace Tarmak.Grains.Moves;

/// <summary>Where something that can move is.</summary>
/// <param name="Place">Number of the place in force.</param>
/// <param name="Line">All places, by their numbers.</param>
/// <param name="Copies">Numbers of the places that have a whole copy which may be in force next.</param>
internal sealed record PlacedBinding(int Place, ImmutableArray<BoundPlace> Line, ImmutableArray<int> Copies)
{
    /// <summary>Name of the provider at a place.</summary>
    /// <param name="place">Number of the place.</param>
    /// <returns>The name.</returns>
    public string ProviderOf(int place) => Line[place].Provider;
}
