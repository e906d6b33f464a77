using Microsoft.Extensions.Logging;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Machines;

/// <content>Log messages.</content>
public abstract partial class MachineGrain
{
    private readonly ILogger logger = logger;

    [LoggerMessage(EventId = 1001, Message = "{Resource} {Phase} {Reason}: {Message}")]
    private partial void LogEvent(string resource, Phase phase, string reason, string message, LogLevel level);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Error, Message = "{Resource} stopped working and is loaded again")]
    private partial void LogLoopFailed(string resource, Exception failure);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "{Resource} had no answer from {Child}: {Reason}")]
    private partial void LogChildSilent(string resource, string child, string reason);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Debug, Message = "{Resource} could not report to {Parent}: {Reason}")]
    private partial void LogReportLost(string resource, string parent, string reason);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "{Resource} cannot use its provider: {Reason}")]
    private partial void LogProviderClosed(string resource, string reason);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "{Resource} could not set its reminder and tries again: {Reason}")]
    private partial void LogReminderFails(string resource, string reason);
}
