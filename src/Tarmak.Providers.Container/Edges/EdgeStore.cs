using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Machines;

namespace Tarmak.Providers.Container.Edges;

/// <summary>
/// Reads and changes edges' states. Reads are of files in the edge's volume, stopped or not: where they lie, if this process
/// may read there, and else by one GET of the engine. A change is one program run in the edge, which puts the whole next state
/// in force or leaves the present one.
/// </summary>
internal sealed class EdgeStore(ContainerEngine engine)
{
    private const string Root = "/var/lib/tarmak-edge";
    private const string Folder = "state";
    private const string StateFile = "state.json";
    private const string VersionFile = "version";
    private const string AppliedFile = "applied";
    private const string AuthorityFile = "registry-authority.pem";
    private const string Program = "edge-apply";
    private const int Looks = 5;
    private const int PartLength = 100_000;
    private readonly ConcurrentDictionary<string, EdgeChanges> pending = new(StringComparer.Ordinal);

    /// <summary>An edge as it is; null where there is no such container.</summary>
    /// <param name="nameOrId">Its name or its container's id.</param>
    /// <param name="installation">The installation it must belong to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The snapshot.</returns>
    public async Task<EdgeSnapshot?> FindAsync(string nameOrId, string installation, CancellationToken cancellationToken)
    {
        var container = await engine.FindContainerAsync(nameOrId, cancellationToken).ConfigureAwait(false);
        if (container is null || Labels.Marks(container.Config.Labels)?.Installation != installation)
        {
            return null;
        }

        var files = await FilesAsync(container, cancellationToken).ConfigureAwait(false);
        var state = Text(files, StateFile) is { } json ? JsonSerializer.Deserialize(json, EdgeStateJson.Default.EdgeState)! : new EdgeState();
        if (state.Schema > EdgeState.CurrentSchema)
        {
            throw EngineFaultException.Failed(
                ErrorClass.Terminal, $"The state of edge {nameOrId} was written by a newer Tarmak (schema {state.Schema}, this one knows {EdgeState.CurrentSchema}); use that.");
        }

        var version = Number(Text(files, VersionFile));
        return new EdgeSnapshot(
            container.Name.TrimStart('/'), container.ID, container.State.Running, EdgeDriver.Ports(container.Config.Labels), state, version,
            InForce: state.Version == version && Number(Text(files, AppliedFile)) == version)
        {
            RegistryAuthority = Text(files, AuthorityFile),
        };
    }

    /// <summary>
    /// An edge as it is once no change of this process is under way in it: one that is just being put in force is no drift.
    /// </summary>
    public async Task<EdgeSnapshot?> FindSettledAsync(string nameOrId, string installation, CancellationToken cancellationToken)
    {
        var edge = await FindAsync(nameOrId, installation, cancellationToken).ConfigureAwait(false);
        if (edge is not { InForce: false } || !pending.TryGetValue(edge.Name, out var changes))
        {
            return edge;
        }

        await changes.Settled.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await FindAsync(nameOrId, installation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Name of the edge of the owner's environment whose state is kept, with a container or without; null where none is.</summary>
    public async Task<string?> KeptNameAsync(OwnerMarks owner, CancellationToken cancellationToken)
    {
        var volumes = await engine.ReadAsync("Listing volumes", (d, t) => d.Volumes.ListAsync(t), cancellationToken).ConfigureAwait(false);
        return (volumes.Volumes ?? [])
            .Where(v => EdgeDriver.Ports(v.Labels) is not null
                && Labels.Marks(v.Labels) is { } marks && marks.Installation == owner.Installation && marks.Environment == owner.Environment)
            .Select(v => EdgeDriver.EdgeName(v.Name)).FirstOrDefault();
    }

    /// <summary>Changes an edge's state. What is as wanted and in force makes no call that could change anything.</summary>
    /// <param name="nameOrId">The edge's name or its container's id.</param>
    /// <param name="installation">The installation it must belong to.</param>
    /// <param name="change">Makes the wanted state from the present one; throws where that cannot be.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The edge with the wanted state in force.</returns>
    public async Task<EdgeSnapshot> ChangeAsync(
        string nameOrId, string installation, Func<EdgeSnapshot, EdgeState> change, CancellationToken cancellationToken)
    {
        var container = await engine.FindContainerAsync(nameOrId, cancellationToken).ConfigureAwait(false)
            ?? throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The edge {nameOrId} is gone.");
        var name = container.Name.TrimStart('/');
        var changes = pending.GetOrAdd(name, _ => new EdgeChanges());
        var request = changes.Add(change);

        // Whoever stops waiting may do something else next, which a change put in force later would undo.
        await using var withdrawal = cancellationToken.Register(() => request.Withdraw(cancellationToken)).ConfigureAwait(false);
        changes.Follow(() => DrainAsync(changes, name, installation));
        return await request.Done.ConfigureAwait(false);
    }

    // Changes that arrive while another is being put in force wait for it and then go together: one program run for all.
    private async Task DrainAsync(EdgeChanges changes, string name, string installation)
    {
        var batch = changes.TakeAll();
        if (batch.Count == 0)
        {
            return;
        }

        try
        {
            await ChangeAsync(name, installation, batch).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (batch.Count > 1 && fault.Outcome is StepOutcome.Failed { Error: ErrorClass.InvalidSpec })
        {
            // One of them is refused and the others should not be: each goes alone.
            foreach (var one in batch)
            {
                await AloneAsync(name, installation, one).ConfigureAwait(false);
            }
        }
        catch (Exception fault)
        {
            // The boundary of a background task: whoever waits gets it.
            batch.ForEach(b => b.Fail(fault));
        }
    }

    private async Task AloneAsync(string name, string installation, EdgeChange change)
    {
        try
        {
            await ChangeAsync(name, installation, [change]).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The boundary of a background task: whoever waits gets it.
            change.Fail(fault);
        }
    }

    private async Task ChangeAsync(string name, string installation, List<EdgeChange> batch)
    {
        for (var tries = 0; tries < 3;)
        {
            batch.RemoveAll(b => b.IsWithdrawn);
            if (batch.Count == 0)
            {
                return;
            }

            var edge = await FindRunningAsync(name, installation, CancellationToken.None).ConfigureAwait(false);
            var wanted = edge.State;
            foreach (var change in batch)
            {
                wanted = change.Apply(edge with { State = wanted });
            }

            if (ReferenceEquals(wanted, edge.State) && edge.InForce)
            {
                batch.ForEach(b => b.Succeed(edge));
                return;
            }

            if (batch.Exists(b => b.IsWithdrawn))
            {
                continue;
            }

            tries++;
            wanted = wanted with { Schema = EdgeState.CurrentSchema, Rendering = EdgeRendering.Current, Version = edge.Version + 1 };
            if (await ApplyAsync(edge, wanted, CancellationToken.None).ConfigureAwait(false))
            {
                batch.ForEach(b => b.Succeed(edge with { State = wanted, Version = wanted.Version, InForce = true }));
                return;
            }
        }

        throw EngineFaultException.Failed(ErrorClass.Transient, $"The state of edge {name} is being changed by another.");
    }

    private static string? Text(Dictionary<string, byte[]> files, string name) =>
        files.TryGetValue(name, out var content) ? Encoding.UTF8.GetString(content) : null;

    // A version that is ahead of its state is a look between two of a change's files: what was made of it would undo that change.
    private static bool IsTorn(Dictionary<string, byte[]> files) =>
        Text(files, StateFile) is { } json && Number(Text(files, VersionFile)) > JsonSerializer.Deserialize(json, EdgeStateJson.Default.EdgeState)!.Version;

    private static int Number(string? text) => int.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static async Task<string> PackAsync(EdgeState? present, EdgeState state, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        await using (var archive = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            var files = EdgeRendering.Changes(present, state)
                .Append(("state.json", JsonSerializer.Serialize(state, EdgeStateJson.Default.EdgeState)))
                .Append(("version", state.Version.ToString(CultureInfo.InvariantCulture)));
            foreach (var (name, content) in files)
            {
                await archive.WriteEntryAsync(TarFiles.File(name, content, TarFiles.Readable), cancellationToken).ConfigureAwait(false);
            }
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    private async Task<Dictionary<string, byte[]>> FilesAsync(ContainerInspectResponse container, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var files = FromVolume(container) ?? await FromEngineAsync(container.ID, cancellationToken).ConfigureAwait(false);
            if (look == Looks || !IsTorn(files))
            {
                return files;
            }
        }
    }

    private Dictionary<string, byte[]>? FromVolume(ContainerInspectResponse container)
    {
        var name = EdgeDriver.VolumeName(container.Name.TrimStart('/'));
        // The version comes first: the state that is read after it is never an earlier one.
        return engine.IsOnThisMachine
            ? VolumeFolder.Find(container.Mounts?.FirstOrDefault(m => m.Destination == Root)?.Source, name, Folder, VersionFile, StateFile, AppliedFile, AuthorityFile)
            : null;
    }

    private async Task<Dictionary<string, byte[]>> FromEngineAsync(string id, CancellationToken cancellationToken)
    {
        var files = await engine.FindFilesAsync(id, $"{Root}/{Folder}", cancellationToken).ConfigureAwait(false) ?? [];
        return files.ToDictionary(f => Path.GetFileName(f.Key), f => f.Value, StringComparer.Ordinal);
    }

    private async Task<EdgeSnapshot> FindRunningAsync(string nameOrId, string installation, CancellationToken cancellationToken)
    {
        var edge = await FindAsync(nameOrId, installation, cancellationToken).ConfigureAwait(false);
        return edge is { IsRunning: true } ? edge : throw EngineFaultException.Failed(
            ErrorClass.DependencyMissing, edge is null ? $"The edge {nameOrId} is gone." : $"The edge {edge.Name} is not running.");
    }

    private async Task<bool> ApplyAsync(EdgeSnapshot edge, EdgeState wanted, CancellationToken cancellationToken)
    {
        // The files there are follow from a state that is in force, of this form; after a change that ended in the middle, and
        // in an edge that has served nothing yet, they may be anything.
        var isKnown = edge.InForce && edge.State.Rendering == EdgeRendering.Current;
        var packed = await PackAsync(isKnown ? edge.State : null, wanted, cancellationToken).ConfigureAwait(false);
        var result = await engine.ExecAsync(
            edge.ContainerId,
            Program,
            [
                // An edge is older than the process that changes it: the program comes with the change.
                "/bin/sh", "-c", EdgeFiles.Read(Program), Program,
                edge.Version.ToString(CultureInfo.InvariantCulture),
                wanted.Version.ToString(CultureInfo.InvariantCulture),
                .. packed.Chunk(PartLength).Select(part => new string(part)),
            ],
            cancellationToken).ConfigureAwait(false);
        return result.ExitCode switch
        {
            0 => true,
            10 => false,
            11 => throw EngineFaultException.Failed(ErrorClass.InvalidSpec, $"The balancer of edge {edge.Name} refuses its listeners: {Said(result)}"),
            _ => throw EngineFaultException.Failed(
                ErrorClass.Transient, $"The state of edge {edge.Name} could not be put in force (exit code {result.ExitCode}): {Said(result)}"),
        };
    }

    private static string Said(ExecResult result) => (result.Output + result.Errors).ReplaceLineEndings(" ").Trim();
}

/// <summary>An edge as it is.</summary>
/// <param name="Name">Its name, stable over containers.</param>
/// <param name="ContainerId">Its container.</param>
/// <param name="IsRunning">Whether that runs.</param>
/// <param name="Ports">Its loopback ports.</param>
/// <param name="State">What it serves.</param>
/// <param name="Version">The number the next change must name.</param>
/// <param name="InForce">Whether its servers know the state.</param>
internal sealed record EdgeSnapshot(
    string Name, string ContainerId, bool IsRunning, PortBlock? Ports, EdgeState State, int Version, bool InForce)
{
    /// <summary>PEM of what signs its registry's certificate; null where it has no registry.</summary>
    public string? RegistryAuthority { get; init; }
}
