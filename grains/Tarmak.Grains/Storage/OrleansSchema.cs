namespace Tarmak.Grains.Storage;

/// <summary>
/// Tables and queries of Orleans' AdoNet persistence and reminders. Orleans reads the queries from <c>OrleansQuery</c>
/// at start. Both tables have a primary key over the whole identity: without one, two racing first writes would both win.
/// </summary>
internal static class OrleansSchema
{
    /// <summary>Version 1 of the tables and queries.</summary>
    public const string Version1 = $"""
        CREATE TABLE OrleansQuery (
          QueryKey TEXT NOT NULL PRIMARY KEY,
          QueryText TEXT NOT NULL) STRICT;

        CREATE TABLE OrleansStorage (
          ServiceId TEXT NOT NULL,
          GrainTypeHash INTEGER NOT NULL,
          GrainTypeString TEXT NOT NULL,
          GrainIdHash INTEGER NOT NULL,
          GrainIdN0 INTEGER NOT NULL,
          GrainIdN1 INTEGER NOT NULL,
          GrainIdExtensionString TEXT NOT NULL,
          Version INTEGER NOT NULL,
          PayloadBinary BLOB,
          PRIMARY KEY (ServiceId, GrainTypeHash, GrainTypeString, GrainIdHash, GrainIdN0, GrainIdN1, GrainIdExtensionString)) STRICT;

        CREATE TABLE OrleansReminders (
          ServiceId TEXT NOT NULL,
          GrainId TEXT NOT NULL,
          ReminderName TEXT NOT NULL,
          GrainHash INTEGER NOT NULL,
          StartTime TEXT NOT NULL,
          Period INTEGER NOT NULL,
          Version INTEGER NOT NULL,
          PRIMARY KEY (ServiceId, GrainId, ReminderName)) STRICT, WITHOUT ROWID;
        CREATE INDEX OrleansRemindersByHash ON OrleansReminders (ServiceId, GrainHash);

        INSERT INTO OrleansQuery VALUES
          ('WriteToStorageKey', '{WriteState}'),
          ('ReadFromStorageKey', '{ReadState}'),
          ('ClearStorageKey', '{ClearState}'),
          ('DeleteStorageKey', '{DeleteState}'),
          ('UpsertReminderRowKey', '{UpsertReminder}'),
          ('ReadReminderRowsKey', '{ReadReminders} AND GrainId = @GrainId'),
          ('ReadReminderRowKey', '{ReadReminders} AND GrainId = @GrainId AND ReminderName = @ReminderName'),
          ('ReadRangeRows1Key', '{ReadReminders} AND GrainHash > @BeginHash AND GrainHash <= @EndHash'),
          ('ReadRangeRows2Key', '{ReadReminders} AND (GrainHash > @BeginHash OR GrainHash <= @EndHash)'),
          ('DeleteReminderRowKey', '{DeleteReminder}'),
          ('DeleteReminderRowsKey', 'DELETE FROM OrleansReminders WHERE ServiceId = @ServiceId');

        """;

    private const string Identity = """
        ServiceId = @ServiceId AND GrainTypeHash = @GrainTypeHash AND GrainTypeString = @GrainTypeString
          AND GrainIdHash = @GrainIdHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
          AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
        """;

    // One statement, so that it is atomic without a transaction of its own. No row returned tells Orleans of a conflict.
    private const string WriteState = $"""
        INSERT INTO OrleansStorage
        SELECT @ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1,
          coalesce(@GrainIdExtensionString, ''''), 1, @PayloadBinary
        WHERE @GrainStateVersion IS NULL OR EXISTS (SELECT 1 FROM OrleansStorage WHERE {Identity})
        ON CONFLICT DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = Version + 1 WHERE Version = @GrainStateVersion
        RETURNING Version AS NewGrainStateVersion
        """;

    private const string ReadState = $"SELECT PayloadBinary, Version FROM OrleansStorage WHERE {Identity}";

    private const string ClearState = $"""
        UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1
        WHERE {Identity} AND Version = @GrainStateVersion
        RETURNING Version AS NewGrainStateVersion
        """;

    private const string DeleteState = $"""
        DELETE FROM OrleansStorage WHERE {Identity} AND Version = @GrainStateVersion RETURNING Version + 1 AS NewGrainStateVersion
        """;

    private const string UpsertReminder = """
        INSERT INTO OrleansReminders (ServiceId, GrainId, ReminderName, GrainHash, StartTime, Period, Version)
        VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
        ON CONFLICT DO UPDATE SET
          GrainHash = excluded.GrainHash, StartTime = excluded.StartTime, Period = excluded.Period, Version = Version + 1
        RETURNING Version
        """;

    private const string ReadReminders =
        "SELECT GrainId, ReminderName, StartTime, Period, Version FROM OrleansReminders WHERE ServiceId = @ServiceId";

    private const string DeleteReminder = """
        DELETE FROM OrleansReminders
        WHERE ServiceId = @ServiceId AND GrainId = @GrainId AND ReminderName = @ReminderName AND Version = @Version;
        SELECT changes() > 0
        """;
}
