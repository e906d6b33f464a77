using System.Threading.Channels;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Instances;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Streams the system journals of a cluster's instances, all at once, each in its own order.</summary>
internal sealed class Logs(ClusterLookup clusters, ProviderCatalog providers, TimeProvider time)
{
    private static readonly TimeSpan DefaultAge = TimeSpan.FromHours(1);

    // Bounds what waits for a slow reader.
    private const int WaitingLines = 512;

    public async Task ReadAsync(V1.LogsRequest request, Func<V1.LogLine, Task> send, CancellationToken cancellationToken)
    {
        var key = KeyText.Parse(request.Key);
        var parts = key.Split('/').Length;
        if (parts is not (2 or 4))
        {
            throw Refusal.InvalidArgument($"'{request.Key}' names neither a cluster nor an instance; write ENVIRONMENT/NAME or ENVIRONMENT/NAME/POOL-N.");
        }

        _ = await clusters.GetAsync(parts == 2 ? MachineKind.Cluster : MachineKind.Instance, key, cancellationToken);
        var instances = await clusters.UnderAsync(MachineKind.Instance, key, cancellationToken);
        var machines = (await clusters.UnderAsync(MachineKind.Capability, key, cancellationToken))
            .Where(r => r.Address.ResourceKind == ResourceKinds.Machine && r is { Provider: not null, ObjectId: not null })
            .ToDictionary(r => r.Address.OwnerKey, StringComparer.Ordinal);
        var since = request.Since?.ToDateTimeOffset() ?? time.GetUtcNow() - DefaultAge;

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var lines = Channel.CreateBounded<V1.LogLine>(WaitingLines);
        var reading = ReadAllAsync(instances, machines, since, lines.Writer, stop.Token);
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
            {
                await send(line);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAllAsync(
        IReadOnlyList<InventoryRow> instances, Dictionary<string, InventoryRow> machines, DateTimeOffset since,
        ChannelWriter<V1.LogLine> lines, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(instances.Select(i => ReadOneAsync(i, machines.GetValueOrDefault(i.Address.Key), since, lines, cancellationToken)));
        }
        catch (OperationCanceledException)
        {
            // The reader has gone; what was still to come is nobody's loss.
            lines.TryComplete();
        }
        finally
        {
            lines.TryComplete();
        }
    }

    private async Task ReadOneAsync(
        InventoryRow instance, InventoryRow? machine, DateTimeOffset since, ChannelWriter<V1.LogLine> lines, CancellationToken cancellationToken)
    {
        var name = DesiredJson.Read<InstanceDesired>(instance.Spec) is var desired ? desired.Pool.InstanceName(desired.Index) : "";
        if (machine is null)
        {
            await Say("It has no machine yet.");
            return;
        }

        try
        {
            var provider = await providers.GetAsync(machine.Provider!, cancellationToken);
            if (provider.Access is not { } access)
            {
                await Say($"Provider {machine.Provider} gives no access to journals.");
                return;
            }

            await foreach (var line in access.ReadJournalAsync(machine.ObjectId!, since, cancellationToken))
            {
                await lines.WriteAsync(new V1.LogLine { Instance = name, Line = line }, cancellationToken);
            }
        }
        catch (ProviderException exception)
        {
            // One machine that does not answer does not keep the others' journals back.
            await Say(exception.Message);
        }

        ValueTask Say(string sentence) => lines.WriteAsync(new V1.LogLine { Instance = name, Line = $"-- {sentence}" }, cancellationToken);
    }
}
