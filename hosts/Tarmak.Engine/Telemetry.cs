using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Tarmak.Engine;

/// <summary>Traces, metrics and logs by OTLP where the standard variables name a receiver; else nothing is collected.</summary>
internal static class Telemetry
{
    private static readonly string[] Receivers =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder, string installation)
    {
        if (Array.TrueForAll(Receivers, name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
        {
            return;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("tarmak-engine", serviceInstanceId: installation))
            .WithTracing(traces => traces.AddSource("Tarmak.*").AddSource("Microsoft.Orleans.*").AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter("Tarmak.*").AddMeter("Microsoft.Orleans").AddRuntimeInstrumentation().AddAspNetCoreInstrumentation())
            .WithLogging()
            .UseOtlpExporter();
    }
}
