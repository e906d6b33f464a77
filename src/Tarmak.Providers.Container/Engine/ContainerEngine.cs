using System.Formats.Tar;
using System.Net;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Providers.Container.Engine;

/// <summary>
/// Calls of the container engine. Each has a deadline and one of three ends: an answer, null where the object does not
/// exist (finds only), or an <see cref="EngineFaultException"/> that carries the outcome.
/// </summary>
internal sealed class ContainerEngine : IDisposable
{
    private readonly DockerClientConfiguration configuration;
    private readonly DockerClient client;
    private volatile StrongBox<bool>? isDocker;

    public ContainerEngine(Uri endpoint)
    {
        Endpoint = endpoint;
        configuration = new DockerClientConfiguration(endpoint, defaultTimeout: Timeout.InfiniteTimeSpan);
        client = configuration.CreateClient();
    }

    /// <summary>Time a call may take that changes nothing.</summary>
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time a call may take that may change something.</summary>
    public TimeSpan ChangeDeadline { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>Where the engine answers.</summary>
    public Uri Endpoint { get; }

    /// <summary>Whether what the engine calls a folder may be one of this machine.</summary>
    public bool IsOnThisMachine => Endpoint.Scheme == "unix";

    /// <summary>The client itself, for streams without an end.</summary>
    public IDockerClient Client => client;

    /// <summary>A call that changes nothing.</summary>
    public Task<T> ReadAsync<T>(string what, Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallAsync(what, changes: false, ReadDeadline, call, cancellationToken);

    /// <summary>A call that may change something.</summary>
    public Task<T> ChangeAsync<T>(
        string what, Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? deadline = null) =>
        CallAsync(what, changes: true, deadline ?? ChangeDeadline, call, cancellationToken);

    /// <summary>A call that may change something and answers nothing.</summary>
    public Task ChangeAsync(string what, Func<IDockerClient, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        ChangeAsync<object?>(
            what,
            async (docker, token) =>
            {
                await call(docker, token).ConfigureAwait(false);
                return null;
            },
            cancellationToken);

    /// <summary>A container by name or id.</summary>
    public Task<ContainerInspectResponse?> FindContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        FindAsync($"Reading container {nameOrId}", (d, t) => d.Containers.InspectContainerAsync(nameOrId, t), cancellationToken);

    /// <summary>A network by name or id.</summary>
    public Task<NetworkResponse?> FindNetworkAsync(string nameOrId, CancellationToken cancellationToken) =>
        FindAsync($"Reading network {nameOrId}", (d, t) => d.Networks.InspectNetworkAsync(nameOrId, t), cancellationToken);

    /// <summary>A volume by name.</summary>
    public Task<VolumeResponse?> FindVolumeAsync(string name, CancellationToken cancellationToken) =>
        FindAsync($"Reading volume {name}", (d, t) => d.Volumes.InspectAsync(name, t), cancellationToken);

    /// <summary>An image by reference.</summary>
    public Task<ImageInspectResponse?> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        FindAsync($"Reading image {reference}", (d, t) => d.Images.InspectImageAsync(reference, t), cancellationToken);

    /// <summary>Removes a container with its anonymous volumes, running or not; absent is success.</summary>
    public async Task RemoveContainerAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await ChangeAsync(
                $"Removing container {id}",
                (d, t) => d.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, t),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (IsNotFound(fault))
        {
            // Somebody else removed it first: that is what was wanted.
        }
    }

    /// <summary>Creates a container and reads it back.</summary>
    public async Task<ContainerInspectResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken)
    {
        try
        {
            var made = await ChangeAsync(
                $"Creating container {parameters.Name}", (d, t) => d.Containers.CreateContainerAsync(parameters, t), cancellationToken).ConfigureAwait(false);
            return await FindContainerAsync(made.ID, cancellationToken).ConfigureAwait(false)
                ?? throw new EngineFaultException(new StepOutcome.Unknown($"Container {parameters.Name} was made and is not to be seen."));
        }
        catch (EngineFaultException fault) when (IsNotFound(fault))
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, fault.Message);
        }
    }

    /// <summary>Whether the engine is Docker rather than Podman: it prepares cgroups in another way.</summary>
    public async Task<bool> IsDockerAsync(CancellationToken cancellationToken)
    {
        // Podman asks the system's packages about each of its programs before it answers, and stays Podman.
        if (isDocker is { } known)
        {
            return known.Value;
        }

        var version = await ReadAsync("Asking for the engine's version", (d, t) => d.System.GetVersionAsync(t), cancellationToken).ConfigureAwait(false);
        var answer = new StrongBox<bool>(
            version.Components is not { } components || !components.Any(c => c.Name.Contains("podman", StringComparison.OrdinalIgnoreCase)));
        isDocker = answer;
        return answer.Value;
    }

    /// <summary>Starts a container; a running one stays as it is.</summary>
    public Task StartContainerAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(
            $"Starting container {id}", (d, t) => d.Containers.StartContainerAsync(id, new ContainerStartParameters(), t), cancellationToken);

    /// <summary>Puts files into a container, running or not.</summary>
    public async Task PutFilesAsync(string id, IEnumerable<TarEntry> entries, CancellationToken cancellationToken)
    {
        using var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            }
        }

        archive.Position = 0;
        await ChangeAsync(
            $"Writing files into container {id}",
            (d, t) => d.Containers.ExtractArchiveToContainerAsync(id, new ContainerPathStatParameters { Path = "/" }, archive, t),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Files below a path of a container, running or not; null where container or path do not exist.</summary>
    public Task<Dictionary<string, byte[]>?> FindFilesAsync(string id, string path, CancellationToken cancellationToken) =>
        FindAsync(
            $"Reading {path} of container {id}",
            async (docker, token) =>
            {
                var response = await docker.Containers.GetArchiveFromContainerAsync(
                    id, new GetArchiveFromContainerParameters { Path = path }, false, token).ConfigureAwait(false);
                var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
                await using var stream = response.Stream;
                using var copy = new MemoryStream();
                await stream.CopyToAsync(copy, token).ConfigureAwait(false);
                copy.Position = 0;
                await using var reader = new TarReader(copy);
                while (await reader.GetNextEntryAsync(copyData: true, token).ConfigureAwait(false) is { } entry)
                {
                    if (entry.DataStream is { } data)
                    {
                        using var content = new MemoryStream();
                        await data.CopyToAsync(content, token).ConfigureAwait(false);
                        files[entry.Name] = content.ToArray();
                    }
                    else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    {
                        files[entry.Name] = [];
                    }
                }

                return files;
            },
            cancellationToken);

    /// <summary>Runs a program in a running container. Nothing secret may be in its arguments.</summary>
    public Task<ExecResult> ExecAsync(string id, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        ExecAsync(id, command[0], command, cancellationToken);

    /// <summary>Runs a program in a running container, under a name to tell of it by. Nothing secret may be in its arguments.</summary>
    public async Task<ExecResult> ExecAsync(string id, string name, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var what = $"Running {name} in container {id}";
        var exec = await CreateExecAsync(id, what, command, cancellationToken).ConfigureAwait(false);
        var (output, errors) = await ChangeAsync(
            what,
            async (d, t) =>
            {
                using var stream = await d.Exec.StartAndAttachContainerExecAsync(exec.ID, tty: false, t).ConfigureAwait(false);
                return await stream.ReadOutputToEndAsync(t).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        var ended = await ReadAsync(
            what,
            async (d, t) =>
            {
                // The stream may end before the engine knows how the program did.
                while (true)
                {
                    var seen = await d.Exec.InspectContainerExecAsync(exec.ID, t).ConfigureAwait(false);
                    if (!seen.Running)
                    {
                        return seen;
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(50), t).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return new ExecResult((int)ended.ExitCode, output, errors);
    }

    private async Task<ContainerExecCreateResponse> CreateExecAsync(string id, string what, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            return await ChangeAsync(
                what,
                (d, t) => d.Exec.ExecCreateContainerAsync(
                    id, new ContainerExecCreateParameters { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, t),
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (fault.Outcome is StepOutcome.Failed { Error: ErrorClass.Conflict })
        {
            // It does not run, or not any more: what it should run is nobody else's.
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, fault.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        configuration.Dispose();
    }

    internal static bool IsNotFound(EngineFaultException fault) => fault.Outcome is StepOutcome.Failed { Error: ErrorClass.NotFound };

    private async Task<T?> FindAsync<T>(string what, Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ReadAsync(what, call, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (IsNotFound(fault))
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(
        string what, bool changes, TimeSpan deadline, Func<IDockerClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var span = ProviderCalls.Start(what);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        try
        {
            return await call(client, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && EngineErrors.Translate(error, what, changes, Endpoint) is { } outcome)
        {
            var fault = new EngineFaultException(outcome, error);
            if (!IsNotFound(fault))
            {
                ProviderCalls.Fail(span, outcome is StepOutcome.Failed failed ? failed.Error.ToString() : "Unknown", fault.Message);
            }

            throw fault;
        }
    }
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Errors">What it complained of.</param>
internal sealed record ExecResult(int ExitCode, string Output, string Errors);
