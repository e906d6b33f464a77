using System.Diagnostics.Metrics;

namespace Tarmak.Grains.Exports;

/// <summary>Metrics of exports. Their names are in <c>docs/operations/telemetry.md</c>.</summary>
public sealed class ExportInstruments : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "Tarmak.Exports";

    private readonly Meter meter;
    private readonly Histogram<double> durations;

    /// <summary>Makes the instruments.</summary>
    public ExportInstruments()
    {
        meter = new Meter(Name);
        durations = meter.CreateHistogram<double>("tarmak.export.duration", "s", "How long an environment's export took, by how it ended.");
    }

    /// <summary>An export ended.</summary>
    /// <param name="took">How long it took.</param>
    /// <param name="result"><c>written</c>, <c>failed</c> or <c>taken-over</c>.</param>
    public void Ended(TimeSpan took, string result) => durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("tarmak.export.result", result));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
