namespace Tarmak.Grains.Inventory;

/// <summary>
/// Answers every list and watch from what machines committed. It never asks a provider and never wakes a grain.
/// </summary>
public interface IInventory
{
    /// <summary>Lists rows, ordered by key. Deleted machines are left out.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The rows, and the revision they stand for.</returns>
    Task<InventoryPage> ListAsync(InventoryQuery query, CancellationToken cancellationToken);

    /// <summary>Follows changes in revision order; never skips one. A machine that changed several times meanwhile may be told once, at its newest.</summary>
    /// <param name="query">Which.</param>
    /// <param name="afterRevision">Changes after this revision; 0: the present state first.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The changes; a change without a row marks that everything up to its revision was told.</returns>
    IAsyncEnumerable<InventoryChange> WatchAsync(InventoryQuery query, long afterRevision, CancellationToken cancellationToken);

    /// <summary>Events of a machine and everything below it, oldest first.</summary>
    /// <param name="key">Key of the machine; empty: all.</param>
    /// <param name="after">Events after this place.</param>
    /// <param name="follow">Whether to go on with what comes.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The events.</returns>
    IAsyncEnumerable<RecordedEvent> EventsAsync(string key, EventCursor after, bool follow, CancellationToken cancellationToken);
}
