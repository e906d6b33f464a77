using System.Net;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Networks;

namespace Tarmak.Providers.Container;

/// <summary>What stands in the way, found before anything is changed.</summary>
internal sealed class Preflight(ContainerEngine engine, AddressRanges ranges, ProviderSettings settings)
{
    private const long LeastFree = 2L * 1024 * 1024 * 1024;

    public async Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        try
        {
            var info = await engine.ReadAsync($"Asking the container engine of provider {settings.Name}", (d, t) => d.System.GetSystemInfoAsync(t), cancellationToken)
                .ConfigureAwait(false);
            if (info.SecurityOptions?.Any(o => o.Contains("rootless", StringComparison.Ordinal)) == true)
            {
                return [$"The container engine at {engine.Endpoint} is rootless, which cannot give machines their networks; use the one that runs as root."];
            }

            if (Disk(info.DockerRootDir) is { } full)
            {
                problems.Add(full);
            }

            await CheckNetworksAsync(request, problems, cancellationToken).ConfigureAwait(false);
            await CheckPortsAsync(request, problems, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            problems.Add(fault.Outcome is StepOutcome.Failed failed ? failed.Message : fault.Message);
        }

        return problems;
    }

    private string? Disk(string? folder)
    {
        foreach (var path in new[] { folder, settings.HomeDirectory })
        {
            if (path is { Length: > 0 } && Directory.Exists(path) && new DriveInfo(path).AvailableFreeSpace is var free and < LeastFree)
            {
                return $"Only {free / (1024 * 1024)} MiB are free on the disk of {path}, and 2048 are needed; free some.";
            }
        }

        return null;
    }

    private async Task CheckNetworksAsync(PreflightRequest request, List<string> problems, CancellationToken cancellationToken)
    {
        if (request.Networks.Count == 0)
        {
            return;
        }

        var taken = await ranges.TakenAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (ownerKey, cidr) in request.Networks)
        {
            if (!IPNetwork.TryParse(cidr, out var range))
            {
                problems.Add($"{cidr} of {ownerKey} is no address range.");
            }
            else if (taken.FirstOrDefault(t => AddressRanges.Overlap(t.Range, range) && !IsOwn(t, ownerKey)) is { } holder)
            {
                problems.Add($"{ownerKey}: {NetworkDriver.Taken(range, holder, taken)}");
            }
        }
    }

    private async Task CheckPortsAsync(PreflightRequest request, List<string> problems, CancellationToken cancellationToken)
    {
        if (request.EdgePorts.Count == 0)
        {
            return;
        }

        var recorded = await EdgeDriver.RecordedAsync(engine, cancellationToken).ConfigureAwait(false);
        foreach (var (environment, text) in request.EdgePorts.Where(e => e.Ports is not null))
        {
            if (PortBlock.Parse(text) is not { } block)
            {
                problems.Add($"{environment}: the edge's ports {text} are no block of at least four, such as 21000-21015.");
                continue;
            }

            if (recorded.Any(r => Labels.Marks(r.Labels) is { } m && m.Installation == settings.Installation && m.Environment == environment))
            {
                continue;
            }

            if (PortBlock.FirstTaken(block) is { } port)
            {
                var free = PortBlock.FindFree([.. recorded.Select(r => r.Ports)], PortBlock.FirstTaken);
                problems.Add($"{environment}: port {port} of the edge's ports {block} is taken on 127.0.0.1; " + (free is null ? "no block is free." : $"{free} are free."));
            }
        }
    }

    private bool IsOwn(TakenRange range, string ownerKey) =>
        Labels.Marks(range.Labels) is { } marks && marks.Installation == settings.Installation && marks.Owner.Split('#')[0] == ownerKey;
}
