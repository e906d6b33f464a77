using System.Collections;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Tarmak.Engine;

/// <summary>Traces, metrics and logs by OTLP where the standard variables name a receiver; else nothing is collected.</summary>
internal static class Telemetry
{
    private const string Prefix = "OTEL_";
    private const string Every = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder, string installation)
    {
        // The libraries read the standard variables from the configuration, where there is one.
        builder.Configuration.AddInMemoryCollection(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith(Prefix, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value)));
        var (traces, metrics, logs) = (IsWanted("TRACES"), IsWanted("METRICS"), IsWanted("LOGS"));
        if (!traces && !metrics && !logs)
        {
            return;
        }

        // A signal without a receiver of its own is given no source: the exporter knows all three or none.
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tarmak-engine", serviceInstanceId: installation))
            .WithTracing(tracing => _ = traces ? tracing.AddSource("Tarmak.*").AddSource("Microsoft.Orleans.*").AddAspNetCoreInstrumentation() : tracing)
            .WithMetrics(metering => _ = metrics
                ? metering.AddMeter("Tarmak.*").AddMeter("Microsoft.Orleans").AddRuntimeInstrumentation().AddAspNetCoreInstrumentation()
                : metering)
            .WithLogging()
            .UseOtlpExporter();
        if (!logs)
        {
            builder.Logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.None);
        }
    }

    private static bool IsWanted(string signal) =>
        Has(Every) || Has($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");

    private static bool Has(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));
}
