using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Watch;

/// <summary>Drift: the engine's events about containers, and the list of everything that carries the installation's marks.</summary>
internal sealed partial class ContainerWatch(ContainerEngine engine, EdgeStore edges, string installation, ILogger<ContainerWatch> log) : IObjectWatch
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // What the engine itself does (create, start, exec) needs no hint.
    private static readonly HashSet<string> Telling = new(["die", "died", "stop", "kill", "remove", "destroy", "oom", "pause", "unpause"], StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlySet<string> ListedKinds { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        ResourceKinds.Network, ResourceKinds.Edge, ResourceKinds.EdgeAttachment, ResourceKinds.Volume, ResourceKinds.Machine,
        ResourceKinds.DnsZone, ResourceKinds.DnsRecordSet, ResourceKinds.LoadBalancer, ResourceKinds.LoadBalancerTarget,
    };

    /// <inheritdoc/>
    public async IAsyncEnumerable<OwnerMarks> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<OwnerMarks>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listening = ListenAsync(channel.Writer, end.Token);
        try
        {
            await foreach (var marks in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return marks;
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            throw fault.ToProviderException();
        }
    }

    private async Task<IReadOnlyList<OwnedObject>> ListAsync(CancellationToken cancellationToken)
    {
        var filter = Filter();
        var containers = await engine.ReadAsync(
            "Listing containers", (d, t) => d.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, t), cancellationToken).ConfigureAwait(false);
        var networks = await engine.ReadAsync(
            "Listing networks", (d, t) => d.Networks.ListNetworksAsync(new NetworksListParameters { Filters = filter }, t), cancellationToken).ConfigureAwait(false);
        var volumes = await engine.ReadAsync(
            "Listing volumes", (d, t) => d.Volumes.ListAsync(new VolumesListParameters { Filters = filter }, t), cancellationToken).ConfigureAwait(false);

        List<OwnedObject> owned = [];
        foreach (var container in containers)
        {
            Add(container.Labels, container.ID, container.State == "running");
            if (Labels.Value(container.Labels, Labels.Kind) == ResourceKinds.Edge)
            {
                owned.AddRange(Attachments(container, networks));
                owned.AddRange(await InsideAsync(container.ID, cancellationToken).ConfigureAwait(false));
            }
        }

        foreach (var network in networks)
        {
            Add(network.Labels, network.ID, running: true);
        }

        foreach (var volume in volumes.Volumes ?? [])
        {
            // An edge's own volume is part of the edge.
            if (Labels.Value(volume.Labels, Labels.Kind) == ResourceKinds.Volume)
            {
                Add(volume.Labels, volume.Name, running: true);
            }
        }

        return owned;

        void Add(IDictionary<string, string>? labels, string id, bool running)
        {
            if (Labels.Marks(labels) is { } marks && marks.Installation == installation && Labels.Value(labels, Labels.Kind) is { } kind)
            {
                owned.Add(new OwnedObject(marks, kind, id, running));
            }
        }
    }

    /// <summary>An attachment has no marks of its own; it is the network's place for the edge, so it is told under the network's.</summary>
    private static IEnumerable<OwnedObject> Attachments(ContainerListResponse edge, IEnumerable<NetworkResponse> networks) =>
        from network in networks
        where edge.NetworkSettings?.Networks?.ContainsKey(network.Name) == true
        let marks = Labels.Marks(network.Labels)
        where marks is not null
        select new OwnedObject(marks, ResourceKinds.EdgeAttachment, $"{edge.ID}/{network.ID}", Running: true);

    private async Task<IEnumerable<OwnedObject>> InsideAsync(string edgeId, CancellationToken cancellationToken)
    {
        try
        {
            return await edges.FindAsync(edgeId, installation, cancellationToken).ConfigureAwait(false) is { } edge ? Inside(edge) : [];
        }
        catch (JsonException torn)
        {
            // What is in it is then missing for its owners, and theirs to put back; everything else is listed all the same.
            LogUnreadable(edgeId, torn.Message);
            return [];
        }
    }

    private static IEnumerable<OwnedObject> Inside(EdgeSnapshot edge)
    {
        var serves = edge.IsRunning && edge.InForce;
        foreach (var (zoneName, zone) in edge.State.Zones)
        {
            var zoneId = $"{edge.Name}/{zoneName}";
            yield return new OwnedObject(zone.Mark.Owner, ResourceKinds.DnsZone, zoneId, serves);
            foreach (var set in zone.RecordSets.Values)
            {
                yield return new OwnedObject(set.Mark.Owner, ResourceKinds.DnsRecordSet, $"{zoneId}/{set.Name}/{set.Type}", serves);
            }
        }

        foreach (var (balancerName, balancer) in edge.State.Balancers)
        {
            var balancerId = $"{edge.Name}/{balancerName}";
            yield return new OwnedObject(balancer.Mark.Owner, ResourceKinds.LoadBalancer, balancerId, serves);
            foreach (var (targetName, target) in balancer.Targets)
            {
                yield return new OwnedObject(target.Mark.Owner, ResourceKinds.LoadBalancerTarget, $"{balancerId}/{targetName}", serves);
            }
        }
    }

    private async Task ListenAsync(ChannelWriter<OwnerMarks> writer, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(200);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var parameters = new ContainerEventsParameters
                {
                    Filters = new Dictionary<string, IDictionary<string, bool>>(Filter(), StringComparer.Ordinal)
                    {
                        ["type"] = new Dictionary<string, bool>(StringComparer.Ordinal) { ["container"] = true },
                    },
                };
                await engine.Client.System.MonitorEventsAsync(parameters, new Listener(message =>
                {
                    pause = TimeSpan.FromMilliseconds(200);
                    if (Telling.Contains(message.Action ?? message.Status ?? string.Empty)
                        && Labels.Marks(message.Actor?.Attributes) is { } marks && marks.Installation == installation)
                    {
                        writer.TryWrite(marks);
                    }
                }), cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                // The boundary of a loop: events are hints, and a new stream is all that a broken one needs.
                LogBroken(error.Message);
            }

            try
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }

        writer.TryComplete();
    }

    private Dictionary<string, IDictionary<string, bool>> Filter() => new(StringComparer.Ordinal)
    {
        ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{OwnerMarks.InstallationLabel}={installation}"] = true },
    };

    private sealed class Listener(Action<Message> hear) : IProgress<Message>
    {
        public void Report(Message value) => hear(value);
    }

    [LoggerMessage(EventId = 2011, Level = LogLevel.Information, Message = "The container engine's events broke off and are asked for again: {Reason}")]
    private partial void LogBroken(string reason);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Warning, Message = "The state of edge {Edge} cannot be read: {Reason}")]
    private partial void LogUnreadable(string edge, string reason);
}
