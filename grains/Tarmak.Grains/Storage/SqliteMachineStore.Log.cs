using Microsoft.Extensions.Logging;

namespace Tarmak.Grains.Storage;

/// <content>Log messages.</content>
public sealed partial class SqliteMachineStore
{
    private readonly ILogger<SqliteMachineStore> logger = logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger<SqliteMachineStore>.Instance;
    private int failing = None;

    // A full disk is met by every machine that has something to do, again and again: it is told when it begins and when it ends.
    private void Failed(StorageException failure)
    {
        if (failure.Fault != StorageFault.Closed && Interlocked.Exchange(ref failing, (int)failure.Fault) != (int)failure.Fault)
        {
            LogFailing(failure.Message);
        }
    }

    private void Worked()
    {
        if (Volatile.Read(ref failing) != None && Interlocked.Exchange(ref failing, None) != None)
        {
            LogWorksAgain(database.Path);
        }
    }

    private const int None = -1;

    [LoggerMessage(EventId = 1301, Level = LogLevel.Error, Message = "No state can be kept: {Reason} It is tried again; this is not logged again until it changes.")]
    private partial void LogFailing(string reason);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Information, Message = "States are kept in {Path} again.")]
    private partial void LogWorksAgain(string path);
}
