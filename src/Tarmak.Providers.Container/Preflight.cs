using System.Net;
using Tarmak.Machines;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Networks;

namespace Tarmak.Providers.Container;

/// <summary>What stands in the way, found before anything is changed.</summary>
internal sealed class Preflight(ContainerEngine engine, HostLook host, AddressRanges ranges, ProviderSettings settings)
{
    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        try
        {
            var info = await host.AskAsync(cancellationToken).ConfigureAwait(false);
            if (host.Rootless(info) is { } rootless)
            {
                return [rootless];
            }

            if (host.FullDisk(info) is { } full)
            {
                problems.Add(full);
            }

            if (request.Networks.Count > 0)
            {
                problems.AddRange(Networks(request.Networks, await ranges.TakenAsync(cancellationToken).ConfigureAwait(false), settings.Installation));
            }

            if (request.EdgePorts.Any(e => e.Ports is not null))
            {
                var recorded = await EdgeDriver.RecordedAsync(engine, cancellationToken).ConfigureAwait(false);
                problems.AddRange(EdgePorts(request.EdgePorts, recorded, settings.Installation, PortBlock.FirstTaken));
            }
        }
        catch (EngineFaultException fault)
        {
            problems.Add(fault.Message);
        }

        return problems;
    }

    /// <summary>What stands in the way of these networks.</summary>
    internal static IEnumerable<string> Networks(
        IEnumerable<(string OwnerKey, string Cidr)> wanted, IReadOnlyList<TakenRange> taken, string installation)
    {
        foreach (var (key, cidr) in wanted)
        {
            var owner = new MachineAddress(MachineKind.Capability, key).OwnerKey;
            if (!IPNetwork.TryParse(cidr, out var range))
            {
                yield return $"{cidr} of {owner} is no address range.";
            }
            else if (taken.FirstOrDefault(t => AddressRanges.Overlap(t.Range, range) && !IsOwn(t.Labels)) is { } holder)
            {
                yield return $"{owner}: {NetworkDriver.Taken(range, holder, taken)}";
            }

            // One that is still leaving makes room for its successor.
            bool IsOwn(IDictionary<string, string>? labels) =>
                Labels.Marks(labels) is { } marks && marks.Installation == installation && marks.Owner == key;
        }
    }

    /// <summary>What stands in the way of edges on these ports. The ports an edge has are its own to keep.</summary>
    internal static IEnumerable<string> EdgePorts(
        IEnumerable<(string Environment, string? Ports)> wanted,
        IReadOnlyList<(PortBlock Ports, IDictionary<string, string> Labels)> recorded,
        string installation,
        Func<PortBlock, PortBlock?, int?> firstTaken)
    {
        foreach (var (environment, text) in wanted.Where(e => e.Ports is not null))
        {
            if (PortBlock.Parse(text) is not { } block)
            {
                yield return $"{environment}: the edge's ports {text} are no block of at least four, such as 21000-21015.";
                continue;
            }

            var own = recorded.FirstOrDefault(r => IsOwn(r.Labels)).Ports;
            var other = recorded.FirstOrDefault(r => !IsOwn(r.Labels) && r.Ports.Overlaps(block)).Ports;
            if (other is not null)
            {
                yield return $"{environment}: the edge's ports {block} overlap {other}, which another edge keeps; {Free()}";
            }
            else if (firstTaken(block, own) is { } port)
            {
                yield return $"{environment}: port {port} of the edge's ports {block} is taken on 127.0.0.1; {Free()}";
            }

            bool IsOwn(IDictionary<string, string> labels) =>
                Labels.Marks(labels) is { } marks && marks.Installation == installation && marks.Environment == environment;
        }

        string Free() => PortBlock.FindFree([.. recorded.Select(r => r.Ports)], b => firstTaken(b, null)) is { } free ? $"{free} are free." : "no block is free.";
    }
}
