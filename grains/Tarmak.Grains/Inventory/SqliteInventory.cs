using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Inventory;

/// <summary>
/// The inventory in the engine's database. A watch reads rows by revision and then sleeps until the writer commits again:
/// idle, it costs nothing, and a commit that falls between reading and sleeping wakes it at once.
/// </summary>
/// <remarks>
/// Deletions are told from tombstones, so a watch may resume from any revision. One from the future (the database was
/// put back from a backup) is told the present state first. Events are kept up to <see cref="EngineDatabaseOptions.EventLimit"/>.
/// Watches end when the database is closed.
/// </remarks>
/// <param name="database">The database.</param>
public sealed class SqliteInventory(EngineDatabase database) : IInventory
{
    // Rows held in memory at once by a watch.
    private const int PageSize = 500;

    /// <inheritdoc/>
    public Task<InventoryPage> ListAsync(InventoryQuery query, CancellationToken cancellationToken) => database.ReadAsync(
        connection =>
        {
            using var command = InventorySql.Select(connection, query, "phase <> 'Deleted'", "ORDER BY key, kind");
            return new InventoryPage(InventorySql.ReadRows(command), InventorySql.Revision(connection));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<InventoryChange> WatchAsync(
        InventoryQuery query, long afterRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var now = await database.ReadAsync(InventorySql.Revision, cancellationToken).ConfigureAwait(false);
        var cursor = afterRevision > now ? 0 : afterRevision;

        // Where the present state is told first, tombstones up to now are not part of it.
        var deletionsAfter = cursor <= 0 ? now : 0;
        var told = true;
        using var watch = database.Feed.Watch(query.Key, query.Matches);
        while (!database.Feed.Closed)
        {
            var next = watch.Next;
            InventoryPage page;
            do
            {
                page = await ChangesAsync(query, cursor, deletionsAfter, cancellationToken).ConfigureAwait(false);
                foreach (var row in page.Rows)
                {
                    yield return new InventoryChange(row.Row, row.Revision);
                    cursor = row.Revision;
                    told = true;
                }
            }
            while (page.Rows.Count == PageSize);

            cursor = page.Revision;
            if (told)
            {
                yield return new InventoryChange(null, cursor);
                told = false;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RecordedEvent> EventsAsync(
        string key, EventCursor after, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = after;
        using var watch = database.Feed.Watch(null, new InventoryQuery(Under: key).Matches);
        while (!database.Feed.Closed)
        {
            var next = watch.Next;
            List<RecordedEvent> page;
            do
            {
                page = await EventPageAsync(key, cursor, cancellationToken).ConfigureAwait(false);
                foreach (var item in page)
                {
                    yield return item;
                    cursor = item.Cursor;
                }
            }
            while (page.Count == PageSize);

            if (!follow)
            {
                yield break;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<InventoryPage> ChangesAsync(InventoryQuery query, long cursor, long deletionsAfter, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                using var command = InventorySql.Changes(connection, query, cursor, deletionsAfter, PageSize);
                return new InventoryPage(InventorySql.ReadRows(command), InventorySql.Revision(connection));
            },
            cancellationToken);

    private Task<List<RecordedEvent>> EventPageAsync(string key, EventCursor after, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"""
                    SELECT revision, ordinal, at, kind, key, warning, reason, message FROM events
                    WHERE (revision, ordinal) > ($revision, $ordinal) {(key.Length == 0 ? "" : "AND " + InventorySql.Under)}
                    ORDER BY revision, ordinal LIMIT $limit
                    """;
                command.Parameters.AddWithValue("$revision", after.Revision);
                command.Parameters.AddWithValue("$ordinal", after.Ordinal);
                command.Parameters.AddWithValue("$limit", PageSize);
                if (key.Length > 0)
                {
                    command.Parameters.AddWithValue("$under", key);
                }

                return ReadEvents(command);
            },
            cancellationToken);

    private static List<RecordedEvent> ReadEvents(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var events = new List<RecordedEvent>();
        while (reader.Read())
        {
            events.Add(InventorySql.ReadEvent(reader));
        }

        return events;
    }
}
