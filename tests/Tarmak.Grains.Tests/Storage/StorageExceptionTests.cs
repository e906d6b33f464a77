using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Tarmak.Grains.Storage;

namespace Tarmak.Grains.Tests.Storage;

public sealed class StorageExceptionTests
{
    [Theory]
    [InlineData(13, StorageFault.DiskFull)]
    [InlineData(5, StorageFault.Locked)]
    [InlineData(11, StorageFault.Damaged)]
    [InlineData(26, StorageFault.Damaged)]
    [InlineData(14, StorageFault.NoAccess)]
    [InlineData(8, StorageFault.NoAccess)]
    [InlineData(10, StorageFault.Other)]
    public void From_ErrorOfSqlite_TellsWhatHelps(int code, StorageFault fault)
    {
        var told = StorageException.From(new SqliteException("raw", code), "/home/engine.db");

        told.Fault.Should().Be(fault);
        told.Message.Should().Contain("/home/engine.db").And.NotContain("\n");
    }

    [Fact]
    public void Exception_CrossingAGrainCall_KeepsFaultAndMessage()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var thrown = new StorageException(StorageFault.DiskFull, "The disk is full.", new SqliteException("raw", 13));

        var caught = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(thrown));

        caught.Should().BeOfType<StorageException>().Which.Fault.Should().Be(StorageFault.DiskFull);
        caught.Message.Should().Be("The disk is full.");
    }
}
