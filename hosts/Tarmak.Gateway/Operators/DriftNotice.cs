using Tarmak.Grains.Drift;
using Tarmak.Providers;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Has providers looked at before an answer goes out: whoever follows from it must not be told what was true before,
/// say, a reboot that stopped everything.
/// </summary>
internal sealed partial class DriftNotice(DriftCheck drift, ILogger<DriftNotice> logger)
{
    /// <summary>Looks; what cannot be looked at is logged and takes nothing from what was accepted.</summary>
    public async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (provider, failure) in await FailuresAsync(cancellationToken))
            {
                LogUnseen(logger, provider, failure.Message);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Everything was accepted by now, and that is what the answer has to say.
            LogFailed(logger, failure);
        }
    }

    /// <summary>Looks.</summary>
    /// <exception cref="Grpc.Core.RpcException">A provider does not answer; every sentence is in it.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        List<string> sentences = [];
        foreach (var (provider, failure) in await FailuresAsync(cancellationToken))
        {
            LogUnseen(logger, provider, failure.Message);
            sentences.Add(failure is ProviderException or TimeoutException
                ? failure.Message
                : $"The objects of provider {provider} could not be looked at; the engine's log says more.");
        }

        if (sentences.Count > 0)
        {
            throw Refusal.Unavailable(string.Join('\n', sentences));
        }
    }

    private async Task<IEnumerable<(string Provider, Exception Failure)>> FailuresAsync(CancellationToken cancellationToken) =>
        (await drift.NoticeAsync(cancellationToken)).Where(s => s.Failure is not null).Select(s => (s.Provider, s.Failure!));

    [LoggerMessage(2013, LogLevel.Warning, "Whether the objects of provider {Provider} are as recorded could not be seen: {Reason}")]
    private static partial void LogUnseen(ILogger logger, string provider, string reason);

    [LoggerMessage(2014, LogLevel.Error, "What was accepted could not be followed by a look at what there is.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
