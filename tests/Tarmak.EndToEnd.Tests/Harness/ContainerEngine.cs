using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>The container engine, asked directly: what is really there.</summary>
internal sealed class ContainerEngine : IDisposable
{
    private const string OwnerLabel = "tarmak.io/owner";
    private readonly DockerClient client;

    public ContainerEngine()
    {
        Socket = FindSocket();
        using var configuration = new DockerClientConfiguration(new Uri($"unix://{Socket}"));
        client = configuration.CreateClient();
    }

    public string Socket { get; }

    /// <summary>Everything there is, by kind and id; images are left out, because they are cached.</summary>
    public async Task<SortedSet<string>> SnapshotAsync(CancellationToken cancellationToken)
    {
        SortedSet<string> all = new(StringComparer.Ordinal);
        all.UnionWith((await client.Containers.ListContainersAsync(new() { All = true }, cancellationToken)).Select(c => $"container {c.ID}"));
        all.UnionWith((await client.Networks.ListNetworksAsync(cancellationToken: cancellationToken)).Select(n => $"network {n.Name}"));
        all.UnionWith((await client.Volumes.ListAsync(cancellationToken)).Volumes.Select(v => $"volume {v.Name}"));
        return all;
    }

    /// <summary>Owners of an installation's objects, one entry an object: twice the same is one too many.</summary>
    public async Task<IReadOnlyList<string>> OwnersAsync(string installation, CancellationToken cancellationToken)
    {
        List<string> owners = [];
        owners.AddRange((await ContainersAsync(installation, cancellationToken)).Select(c => "container " + c.Labels[OwnerLabel]));
        owners.AddRange((await client.Networks.ListNetworksAsync(cancellationToken: cancellationToken)).Where(n => Is(n.Labels, installation)).Select(n => "network " + n.Labels[OwnerLabel]));
        owners.AddRange((await client.Volumes.ListAsync(cancellationToken)).Volumes.Where(v => Is(v.Labels, installation)).Select(v => "volume " + v.Labels[OwnerLabel]));
        return [.. owners.Order(StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<ContainerListResponse>> ContainersAsync(string installation, CancellationToken cancellationToken) =>
        [.. (await client.Containers.ListContainersAsync(new() { All = true }, cancellationToken)).Where(c => Is(c.Labels, installation))];

    public async Task<ContainerListResponse> MachineAsync(string installation, string instance, CancellationToken cancellationToken) =>
        (await ContainersAsync(installation, cancellationToken)).Single(c => c.Labels[OwnerLabel] == $"{instance}#machine/main");

    public Task RemoveAsync(string container, CancellationToken cancellationToken) =>
        client.Containers.RemoveContainerAsync(container, new() { Force = true }, cancellationToken);

    public Task StopAsync(string container, CancellationToken cancellationToken) =>
        client.Containers.StopContainerAsync(container, new() { WaitBeforeKillSeconds = 1 }, cancellationToken);

    /// <summary>What the engine tells of a container, as text: where a leaked secret would show.</summary>
    public async Task<string> InspectAsync(string container, CancellationToken cancellationToken) =>
        System.Text.Json.JsonSerializer.Serialize(await client.Containers.InspectContainerAsync(container, cancellationToken));

    /// <summary>A file of a container.</summary>
    public async Task<string> FileAsync(string container, string path, CancellationToken cancellationToken)
    {
        var answer = await client.Containers.GetArchiveFromContainerAsync(container, new() { Path = path }, statOnly: false, cancellationToken);
        await using var archive = new TarReader(answer.Stream);
        var entry = await archive.GetNextEntryAsync(copyData: true, cancellationToken);
        using var text = new StreamReader(entry!.DataStream!);
        return await text.ReadToEndAsync(cancellationToken);
    }

    public void Dispose() => client.Dispose();

    private static bool Is(IDictionary<string, string>? labels, string installation) =>
        labels is not null && labels.TryGetValue("tarmak.io/installation", out var value) && value == installation;

    private static string FindSocket()
    {
        var named = Environment.GetEnvironmentVariable("DOCKER_HOST");
        return named is not null && named.StartsWith("unix://", StringComparison.Ordinal)
            ? named["unix://".Length..]
            : new[] { "/run/podman/podman.sock", "/var/run/docker.sock" }.First(File.Exists);
    }
}
