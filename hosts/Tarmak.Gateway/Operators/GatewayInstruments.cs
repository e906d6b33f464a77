using System.Diagnostics;
using System.Diagnostics.Metrics;
using Tarmak.Model.Manifests;

namespace Tarmak.Gateway.Operators;

/// <summary>Spans and metrics of the gateway. Their names are in <c>docs/operations/telemetry.md</c>.</summary>
internal sealed class GatewayInstruments : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Tarmak.Gateway";

    private readonly ActivitySource source = new(Name);
    private readonly Meter meter = new(Name);
    private readonly Counter<long> commands;
    private readonly UpDownCounter<long> streams;

    public GatewayInstruments()
    {
        commands = meter.CreateCounter<long>("tarmak.gateway.commands", "{command}", "Documents that were accepted or refused.");
        streams = meter.CreateUpDownCounter<long>("tarmak.gateway.streams", "{stream}", "Open watches, event streams and journals.");
    }

    /// <summary>Starts the span of one document's command.</summary>
    public Activity? StartCommand(string verb, ResourceKey key) => source.StartActivity(
        "tarmak.command", ActivityKind.Internal, parentContext: default,
        tags: [new("tarmak.command.verb", verb), new("tarmak.resource.kind", KindNames.Of(key.Kind)), new("tarmak.resource", key.Path)]);

    /// <summary>Starts the span of asking one provider before anything is accepted.</summary>
    public Activity? StartPreflight(string provider) => source.StartActivity(
        "tarmak.preflight", ActivityKind.Client, parentContext: default, tags: [new("tarmak.provider", provider)]);

    /// <summary>Counts a command.</summary>
    public void Count(string verb, string kind, string outcome) => commands.Add(
        1, new TagList { { "tarmak.command.verb", verb }, { "tarmak.resource.kind", kind }, { "tarmak.command.outcome", outcome } });

    /// <summary>Counts an opened (1) or closed (-1) stream.</summary>
    public void CountStream(string method, int change) => streams.Add(change, new TagList { { "rpc.method", method } });

    public void Dispose()
    {
        source.Dispose();
        meter.Dispose();
    }
}
