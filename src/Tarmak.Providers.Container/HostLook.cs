using Docker.DotNet.Models;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>What can be seen of the engine and its machine without changing anything.</summary>
internal sealed class HostLook(ContainerEngine engine, ProviderSettings settings)
{
    private const long MiB = 1024 * 1024;
    private const long LeastFree = 2048;

    /// <summary>Where the engine is.</summary>
    public Uri Endpoint => engine.Endpoint;

    /// <summary>The engine's word about itself.</summary>
    /// <exception cref="EngineFaultException">It does not answer, or refuses.</exception>
    public Task<SystemInfoResponse> AskAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync($"Asking the container engine of provider {settings.Name}", (d, t) => d.System.GetSystemInfoAsync(t), cancellationToken);

    /// <summary>Whether the engine has an image.</summary>
    /// <exception cref="EngineFaultException">It does not answer, or refuses.</exception>
    public async Task<bool> HasImageAsync(string reference, CancellationToken cancellationToken) =>
        await engine.FindImageAsync(reference, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>The sentence for an engine without root; null where it has root.</summary>
    public string? Rootless(SystemInfoResponse info) =>
        info.SecurityOptions?.Any(o => o.Contains("rootless", StringComparison.Ordinal)) == true
            ? $"The container engine at {engine.Endpoint} is rootless, which cannot give machines their networks; use the one that runs as root."
            : null;

    /// <summary>The sentence for too little room; null where there is enough.</summary>
    public string? FullDisk(SystemInfoResponse info)
    {
        var (path, free) = LeastRoom(info);
        return free < LeastFree ? $"Only {free} MiB are free on the disk of {path}, and {LeastFree} are needed; free some." : null;
    }

    /// <summary>The fullest of the disks that are used, and what is free there, in MiB.</summary>
    public (string Path, long FreeMiB) LeastRoom(SystemInfoResponse info) =>
        new[] { info.DockerRootDir, settings.HomeDirectory }
            .Where(path => path is { Length: > 0 } && Directory.Exists(path))
            .Select(path => (Path: path, FreeMiB: new DriveInfo(path).AvailableFreeSpace / MiB))
            .DefaultIfEmpty((Path: settings.HomeDirectory, FreeMiB: long.MaxValue))
            .MinBy(disk => disk.FreeMiB);
}
