using Tarmak.Grains.Abstractions;

namespace Tarmak.Gateway.Operators;

/// <summary>One line for every accepted command: who asked for what, and what it did.</summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger, GatewayInstruments instruments)
{
    public void Accepted(string who, string verb, string kind, string key, string requestId, AcceptResult result)
    {
        LogAccepted(logger, who, verb, kind, key, requestId, result.Action, result.Generation);
        instruments.Count(verb, kind, result.Action);
    }

    public void Refused(string who, string verb, string kind, string key, string requestId, string why)
    {
        LogRefused(logger, who, verb, kind, key, requestId, why);
        instruments.Count(verb, kind, "refused");
    }

    public void CredentialsIssued(string who, string key) => LogCredentials(logger, who, key);

    public void ConformanceBegun(string who, string provider) => LogConformance(logger, who, provider);

    [LoggerMessage(2001, LogLevel.Information, "Audit: {Who} asked to {Verb} {Kind} {Key} (request {RequestId}): {Action}, generation {Generation}.")]
    private static partial void LogAccepted(
        ILogger logger, string who, string verb, string kind, string key, string requestId, string action, long generation);

    [LoggerMessage(2002, LogLevel.Warning, "Audit: {Who} asked to {Verb} {Kind} {Key} (request {RequestId}) and was refused: {Why}")]
    private static partial void LogRefused(ILogger logger, string who, string verb, string kind, string key, string requestId, string why);

    [LoggerMessage(2003, LogLevel.Information, "Audit: {Who} was given client credentials for cluster {Key}.")]
    private static partial void LogCredentials(ILogger logger, string who, string key);

    [LoggerMessage(2004, LogLevel.Information, "Audit: {Who} runs the conformance kit against provider {Provider}.")]
    private static partial void LogConformance(ILogger logger, string who, string provider);
}
