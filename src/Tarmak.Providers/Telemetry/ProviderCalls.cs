using System.Diagnostics;

namespace Tarmak.Providers.Telemetry;

/// <summary>Spans of calls to a provider's own interface, within the step they are made for. Their names are in <c>docs/operations/telemetry.md</c>.</summary>
public static class ProviderCalls
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Tarmak.Providers";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of one call.</summary>
    /// <param name="what">What is tried on what, in plain words and without a secret: <c>Creating container dev-demo-etcd-0</c>.</param>
    /// <returns>The span; null where nobody listens.</returns>
    public static Activity? Start(string what) =>
        Source.StartActivity("tarmak.provider.call", ActivityKind.Client) is { } span ? span.SetTag("tarmak.provider.call.what", what) : null;

    /// <summary>Marks a call as failed.</summary>
    /// <param name="span">The span.</param>
    /// <param name="error">Class of the error, or Unknown.</param>
    /// <param name="message">What went wrong.</param>
    public static void Fail(Activity? span, string error, string message) =>
        span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error, message);
}
