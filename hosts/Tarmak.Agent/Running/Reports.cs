using Grpc.Core;
using Tarmak.Agent.Configuration;
using Tarmak.Api.Agent.V1;

namespace Tarmak.Agent.Running;

/// <summary>
/// The runs the engine has not heard of yet, the newest of them. One that the engine will never take is dropped: it must
/// not stand before those behind it.
/// </summary>
/// <param name="log">The journal.</param>
internal sealed class Reports(AgentLog log)
{
    private const int Most = 20;
    private const int MostResources = 500;
    private const int LongestText = 2000;

    /// <summary>The engine takes a megabyte; of UTF-8, which has up to three bytes for each of these.</summary>
    private const int LongestReport = 256 * 1024;

    private readonly Queue<ReportRequest> _unsent = new();

    /// <summary>Reports that wait.</summary>
    public int Count => _unsent.Count;

    /// <summary>Adds a run.</summary>
    /// <param name="hash">The bundle applied.</param>
    /// <param name="run">Number of the run.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="took">Its duration.</param>
    public void Add(string hash, long run, PuppetOutcome outcome, TimeSpan took)
    {
        ReportRequest report = new()
        {
            BundleHash = hash,
            Run = run,
            Result = outcome.Result switch
            {
                RunResult.Unchanged => ReportRequest.Types.Result.Unchanged,
                RunResult.Changed => ReportRequest.Types.Result.Changed,
                _ => ReportRequest.Types.Result.Failed,
            },
            TotalResources = outcome.TotalResources,
            Seconds = took.TotalSeconds,
            Message = Bound(outcome.Message),
        };
        report.Resources.AddRange(Resources(outcome));
        _unsent.Enqueue(report);
        while (_unsent.Count > Most)
        {
            _unsent.Dequeue();
        }
    }

    /// <summary>Sends what waits, oldest first, until the engine does not answer.</summary>
    /// <param name="send">Sends one and gives the answer.</param>
    /// <returns>The last answer; null where there was none.</returns>
    /// <exception cref="RpcException">The engine did not take a report that it may take later; it waits on.</exception>
    public async Task<ReportResponse?> SendAsync(Func<ReportRequest, Task<ReportResponse>> send)
    {
        ReportResponse? answer = null;
        while (_unsent.TryPeek(out ReportRequest? report))
        {
            try
            {
                answer = await send(report).ConfigureAwait(false);
            }
            catch (RpcException exception) when (exception.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
            {
                log.Error("The engine refused a report for good; it is dropped.", ("run", report.Run), ("reason", exception.Status.Detail));
            }

            _unsent.Dequeue();
        }

        return answer;
    }

    /// <summary>The resources, failed ones first, as far as a report may be long.</summary>
    private static IEnumerable<ResourceReport> Resources(PuppetOutcome outcome)
    {
        int length = 0;
        foreach (PuppetResource resource in outcome.Resources.OrderByDescending(resource => resource.Status == "failed").Take(MostResources))
        {
            ResourceReport report = new()
            {
                Resource = Bound($"{resource.Type}[{resource.Title}]"),
                Failed = resource.Status == "failed",
                Message = Bound(resource.Message ?? string.Empty),
            };
            length += report.Resource.Length + report.Message.Length;
            if (length > LongestReport)
            {
                yield break;
            }

            yield return report;
        }
    }

    private static string Bound(string text) => text.Length <= LongestText ? text
        : char.IsHighSurrogate(text[LongestText - 1]) ? text[..(LongestText - 1)]
        : text[..LongestText];
}
