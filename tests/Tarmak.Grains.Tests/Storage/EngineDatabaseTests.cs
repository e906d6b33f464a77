using Microsoft.Data.Sqlite;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Tests.Storage;

public sealed class EngineDatabaseTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Open_NewHome_FilesBelongToTheirOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
        }

        var home = Path.Combine(_home.Path, "new", "home");
        using var database = EngineDatabase.Open(home, TimeProvider.System);
        await new SqliteMachineStore(database, TimeProvider.System).WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

        var modes = Directory.GetFiles(home, "engine.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileName(file), ModeOf);

        modes.Keys.Should().BeEquivalentTo("engine.db", "engine.db-wal", "engine.db-shm");
        modes.Values.Should().AllBeEquivalentTo(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        ModeOf(home).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void Open_Twice_SecondIsRefused()
    {
        using var first = _home.Open();

        var second = () => _home.Open();

        second.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Locked);
    }

    [Fact]
    public void Open_WrittenByANewerEngine_IsRefusedInOneSentence()
    {
        _home.Open().Dispose();
        Execute("INSERT INTO schema_versions VALUES (99, '2030-01-01')");

        var open = () => _home.Open();

        var thrown = open.Should().Throw<StorageException>().Which;
        thrown.Fault.Should().Be(StorageFault.NewerSchema);
        thrown.Message.Should().Contain("schema 99");
        thrown.Message.Count(c => c is '\n').Should().Be(0);
    }

    [Fact]
    public void Open_FileIsNoDatabase_IsRefusedAndLeftAlone()
    {
        var content = new string('?', 5000);
        File.WriteAllText(_home.File, content);

        var open = () => _home.Open();

        open.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Damaged);
        File.ReadAllText(_home.File).Should().Be(content);
    }

    [Fact]
    public void Open_LockedByAnotherProgram_IsRefused()
    {
        _home.Open().Dispose();
        using var other = Connect();
        using var command = other.CreateCommand();
        command.CommandText = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE foreign_table (a)";
        command.ExecuteNonQuery();

        var open = () => _home.Open(new EngineDatabaseOptions { LockTimeout = TimeSpan.FromMilliseconds(50) });

        open.Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.Locked);
    }

    [Fact]
    public async Task Write_LockedByAnotherProgram_FailsInOneSentenceAndTheWriterGoesOn()
    {
        using var database = _home.Open(new EngineDatabaseOptions { LockTimeout = TimeSpan.FromMilliseconds(50) });
        var store = new SqliteMachineStore(database, TimeProvider.System);
        using (var other = Connect())
        {
            using var command = other.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();

            var write = () => store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);

            (await write.Should().ThrowAsync<StorageException>()).Which.Fault.Should().Be(StorageFault.Locked);
        }

        await store.WriteAsync(Sample.State(Sample.Demo), null, Sample.NoEvents, Token);
    }

    [Fact]
    public void Open_NoFolderCanBeMade_IsRefused()
    {
        var file = Path.Combine(_home.Path, "file");
        File.WriteAllText(file, "");

        var open = () => EngineDatabase.Open(Path.Combine(file, "home"), TimeProvider.System);

        open.Should().Throw<StorageException>();
    }

    [Fact]
    public async Task Open_Journal_IsWriteAheadAndFlushedOnEachCommit()
    {
        using var database = _home.Open();

        var (journal, synchronous) = await database.WriteAsync(
            session => (session.Command("PRAGMA journal_mode").ExecuteScalar(), session.Command("PRAGMA synchronous").ExecuteScalar()), Token);

        journal.Should().Be("wal");
        synchronous.Should().Be(2L);
    }

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_home.File};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
