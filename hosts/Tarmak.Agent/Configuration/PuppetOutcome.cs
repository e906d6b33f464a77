namespace Tarmak.Agent.Configuration;

/// <summary>How a run ended.</summary>
internal enum RunResult
{
    /// <summary>Nothing needed changing.</summary>
    Unchanged,

    /// <summary>Something was changed and nothing failed.</summary>
    Changed,

    /// <summary>Something failed.</summary>
    Failed,
}

/// <summary>A run as it is reported.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Resources">Changed or failed resources.</param>
/// <param name="TotalResources">Resources of the catalogue.</param>
/// <param name="Message">Why it failed as a whole; empty if it did not.</param>
internal sealed record PuppetOutcome(RunResult Result, IReadOnlyList<PuppetResource> Resources, int TotalResources, string Message)
{
    private const int ChangedCode = 2;

    /// <summary>A failure before or outside Puppet.</summary>
    /// <param name="message">Why.</param>
    /// <returns>The outcome.</returns>
    public static PuppetOutcome Failure(string message) => new(RunResult.Failed, [], 0, message);

    /// <summary>Puts together what the exit code, the report and standard error say; the worst of them counts.</summary>
    /// <param name="exitCode">Puppet's detailed exit code.</param>
    /// <param name="report">Its report, if it left one.</param>
    /// <param name="errorTail">The last of its standard error.</param>
    /// <returns>The outcome.</returns>
    public static PuppetOutcome From(int exitCode, PuppetReport? report, string errorTail)
    {
        if (report is null)
        {
            return Failure(errorTail.Length > 0 ? errorTail : $"Puppet ended with code {exitCode} and left no report.");
        }

        PuppetResource[] notable = [.. report.Resources.Where(resource => resource.Status is "changed" or "failed")];
        bool failed = exitCode is not (0 or ChangedCode) || report.Status == "failed" || notable.Any(resource => resource.Status == "failed");
        bool changed = exitCode == ChangedCode || report.Status == "changed" || notable.Length > 0;
        RunResult result = failed ? RunResult.Failed : changed ? RunResult.Changed : RunResult.Unchanged;
        return new PuppetOutcome(result, notable, report.Resources.Count, failed ? Reason(exitCode, report, errorTail) : string.Empty);
    }

    private static string Reason(int exitCode, PuppetReport report, string errorTail)
    {
        string errors = string.Join('\n', report.Logs.Where(line => line.Level != "warning").Take(5).Select(line => line.Message));
        return errors.Length > 0 ? errors
            : errorTail.Length > 0 ? errorTail
            : $"Puppet ended with code {exitCode}.";
    }
}
