using Tarmak.Machines;

namespace Tarmak.Grains.Drift;

/// <summary>What is to be looked at in one account: it is listed once, however many providers lead to it.</summary>
/// <param name="Account">The account; of a provider that cannot be opened, and of the engine itself, its name.</param>
/// <param name="Objects">By provider: what the inventory has there.</param>
/// <param name="Owners">Key and identity of all machines that have objects, wherever.</param>
public sealed record AccountRound(
    string Account, IReadOnlyDictionary<string, IReadOnlyList<InventoryRow>> Objects, IReadOnlySet<(string Key, string Uid)> Owners)
{
    /// <summary>Why its providers could not be opened; null where they were.</summary>
    public Exception? Failure { get; init; }
}
