using System.Formats.Tar;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Images;

/// <summary>
/// Builds machine images in the background of this process. The long part, the packages, is an image of its own; a
/// changed agent is one layer over it. A build that a dead process left is begun again; its remains are removed first.
/// </summary>
internal sealed partial class ImageBuilder : IAsyncDisposable
{
    private const string PackagesRepository = "localhost/tarmak/packages";
    private const string BaseRepository = "localhost/tarmak/base";
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan PullDeadline = TimeSpan.FromMinutes(5);
    private readonly ContainerEngine engine;
    private readonly ContainerOptions options;
    private readonly string installation;
    private readonly string cache;
    private readonly string builderName;
    private readonly ILogger<ImageBuilder> log;
    private readonly ImageRecipe recipe = ImageRecipe.Load();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private (string Hash, Task<StepOutcome.Failed?> Work)? running;
    private string stage = string.Empty;

    public ImageBuilder(ContainerEngine engine, ContainerOptions options, ProviderSettings settings, ILogger<ImageBuilder> log)
    {
        this.engine = engine;
        this.options = options;
        this.log = log;
        installation = settings.Installation;
        cache = Path.Combine(settings.HomeDirectory, "cache", "image");
        builderName = ContainerName(settings.Installation, settings.Name);
    }

    /// <summary>The container in which a provider puts an image together: one per installation, so that what a dead build left is found again.</summary>
    public static string ContainerName(string installation, string provider) => "tarmak-image-" + Labels.Hash($"{installation}\n{provider}")[..12];

    /// <summary>What would be built now.</summary>
    /// <returns>The plan.</returns>
    public ImagePlan Plan()
    {
        byte[] agent;
        try
        {
            agent = File.ReadAllBytes(options.AgentPath);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new EngineFaultException(
                new StepOutcome.Failed(ErrorClass.DependencyMissing, $"The machine image needs the agent, and {options.AgentPath} cannot be read; ./tarmak builds it there."),
                missing);
        }

        var hash = recipe.ContentHash(agent);
        return new ImagePlan($"{BaseRepository}:{hash[..16]}", hash, agent);
    }

    /// <summary>Starts a build, or asks after the one under way.</summary>
    /// <param name="plan">What to build.</param>
    /// <returns>What it is doing; null when it is done.</returns>
    public string? StartOrAsk(ImagePlan plan)
    {
        lock (gate)
        {
            if (running is { } build && build.Hash == plan.ContentHash)
            {
                if (!build.Work.IsCompleted)
                {
                    return stage;
                }

                running = null;
                return build.Work.Result is { } failed ? throw new EngineFaultException(failed) : null;
            }

            // A build of another agent under way is left to end: its packages are the same.
            if (running is { Work.IsCompleted: false })
            {
                return stage;
            }

            stage = "The machine image is being built.";
            running = (plan.ContentHash, Task.Run(() => BuildAsync(plan), CancellationToken.None));
            return stage;
        }
    }

    /// <summary>Removes what a build of an earlier process left, unless one is under way here.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task.</returns>
    public async Task RemoveLeftoversAsync(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (running is { Work.IsCompleted: false })
            {
                return;
            }
        }

        if (await engine.FindContainerAsync(builderName, cancellationToken).ConfigureAwait(false) is { } left)
        {
            await engine.RemoveContainerAsync(left.ID, cancellationToken).ConfigureAwait(false);
        }

        await DebianTree.RemoveLeftoversAsync(cache, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        if (running is { } build)
        {
            await build.Work.ConfigureAwait(false);
        }

        stop.Dispose();
    }

    private async Task<StepOutcome.Failed?> BuildAsync(ImagePlan plan)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        limit.CancelAfter(BuildDeadline);
        try
        {
            var packages = $"{PackagesRepository}:{recipe.PackagesHash[..16]}";
            if (await engine.FindImageAsync(packages, limit.Token).ConfigureAwait(false) is null)
            {
                await BuildPackagesAsync(packages, limit.Token).ConfigureAwait(false);
            }

            Stage("The agent is being put into the machine image.");
            await AddAgentAsync(plan, packages, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (EngineFaultException fault)
        {
            LogFailed(fault.Message);
            return fault.Outcome as StepOutcome.Failed ?? new StepOutcome.Failed(ErrorClass.Transient, fault.Message);
        }
        catch (OperationCanceledException)
        {
            return new StepOutcome.Failed(ErrorClass.Transient, $"The machine image was not built within {BuildDeadline.TotalMinutes:0} minutes.");
        }
        catch (Exception error)
        {
            // The boundary of a background task: nobody else would hear of it.
            LogBroke(error);
            return new StepOutcome.Failed(ErrorClass.Transient, $"The machine image could not be built: {error.Message}");
        }
    }

    private async Task BuildPackagesAsync(string reference, CancellationToken cancellationToken)
    {
        if (options.BaseImage.Length > 0 && await HasBaseImageAsync(cancellationToken).ConfigureAwait(false))
        {
            Stage("Packages are being installed into the machine image.");
            await BuildFromImageAsync(reference, cancellationToken).ConfigureAwait(false);
            return;
        }

        var tree = new DebianTree(cache, recipe);
        await tree.BuildAsync(Stage, cancellationToken).ConfigureAwait(false);
        try
        {
            Stage("The machine image is being stored.");
            await using var archive = File.OpenRead(tree.ArchivePath);
            await engine.ChangeAsync<object?>(
                "Importing the machine image",
                async (docker, token) =>
                {
                    await docker.Images.CreateImageAsync(
                        new ImagesCreateParameters
                        {
                            FromSrc = "-",
                            // Podman takes no tag of its own here; both take one within the name.
                            Repo = reference,
                            Changes = [$"LABEL {Labels.Image}=packages"],
                        },
                        archive, null, new Progress<JSONMessage>(), token).ConfigureAwait(false);
                    return null;
                },
                cancellationToken,
                BuildDeadline).ConfigureAwait(false);
        }
        finally
        {
            await tree.RemoveAsync().ConfigureAwait(false);
        }

        if (await engine.FindImageAsync(reference, cancellationToken).ConfigureAwait(false) is null)
        {
            throw EngineFaultException.Failed(ErrorClass.Transient, "The machine image was imported and is not to be seen.");
        }
    }

    private async Task<bool> HasBaseImageAsync(CancellationToken cancellationToken)
    {
        if (await engine.FindImageAsync(options.BaseImage, cancellationToken).ConfigureAwait(false) is not null)
        {
            return true;
        }

        Stage($"{options.BaseImage} is being fetched.");
        var colon = options.BaseImage.LastIndexOf(':');
        try
        {
            await engine.ChangeAsync<object?>(
                $"Fetching {options.BaseImage}",
                async (docker, token) =>
                {
                    await docker.Images.CreateImageAsync(
                        new ImagesCreateParameters { FromImage = options.BaseImage[..colon], Tag = options.BaseImage[(colon + 1)..] },
                        null, new Progress<JSONMessage>(), token).ConfigureAwait(false);
                    return null;
                },
                cancellationToken,
                PullDeadline).ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            LogNoRegistry(options.BaseImage, fault.Message);
            return false;
        }

        return await engine.FindImageAsync(options.BaseImage, cancellationToken).ConfigureAwait(false) is not null;
    }

    private async Task BuildFromImageAsync(string reference, CancellationToken cancellationToken)
    {
        using var context = new MemoryStream();
        await using (var writer = new TarWriter(context, TarEntryFormat.Pax, leaveOpen: true))
        {
            var dockerfile = $"FROM {options.BaseImage}\nCOPY recipe /.tarmak\nRUN /bin/sh /.tarmak/install\n";
            await writer.WriteEntryAsync(TarFiles.File("Dockerfile", dockerfile, TarFiles.Readable), cancellationToken).ConfigureAwait(false);
            await writer.WriteEntryAsync(TarFiles.File("recipe/install", recipe.Install, TarFiles.Executable), cancellationToken).ConfigureAwait(false);
            foreach (var (name, content) in recipe.Files)
            {
                await writer.WriteEntryAsync(TarFiles.File($"recipe/{name}", content, TarFiles.Readable), cancellationToken).ConfigureAwait(false);
            }
        }

        context.Position = 0;
        var last = string.Empty;
        var progress = new Synchronous<JSONMessage>(message => last = message.ErrorMessage ?? message.Error?.Message ?? message.Stream ?? last);
        await engine.ChangeAsync<object?>(
            "Building the machine image",
            async (docker, token) =>
            {
                await docker.Images.BuildImageFromDockerfileAsync(
                    new ImageBuildParameters { Tags = [reference], Labels = new Dictionary<string, string> { [Labels.Image] = "packages" }, Remove = true, ForceRemove = true },
                    context, [], new Dictionary<string, string>(), progress, token).ConfigureAwait(false);
                return null;
            },
            cancellationToken,
            BuildDeadline).ConfigureAwait(false);
        if (await engine.FindImageAsync(reference, cancellationToken).ConfigureAwait(false) is null)
        {
            throw EngineFaultException.Failed(ErrorClass.Transient, $"The machine image could not be built from {options.BaseImage}: {last.Trim()}");
        }
    }

    private async Task AddAgentAsync(ImagePlan plan, string packages, CancellationToken cancellationToken)
    {
        await engine.RemoveContainerAsync(builderName, cancellationToken).ConfigureAwait(false);
        var container = await engine.CreateContainerAsync(
            new CreateContainerParameters
            {
                Name = builderName,
                Image = packages,
                Cmd = ["/bin/true"],
                Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [OwnerMarks.InstallationLabel] = installation, [Labels.Kind] = ResourceKinds.MachineImage },
                HostConfig = new HostConfig { NetworkMode = "none" },
            },
            cancellationToken).ConfigureAwait(false);
        try
        {
            await engine.PutFilesAsync(
                container.ID, [TarFiles.File("usr/local/bin/tarmak-agent", plan.Agent, TarFiles.Executable)], cancellationToken).ConfigureAwait(false);
            await engine.ChangeAsync(
                "Storing the machine image",
                (d, t) => d.Images.CommitContainerChangesAsync(
                    new CommitContainerChangesParameters
                    {
                        ContainerID = container.ID,
                        RepositoryName = BaseRepository,
                        Tag = plan.ContentHash[..16],
                        Changes = [$"LABEL {Labels.Image}={plan.ContentHash}", "CMD [\"/sbin/init\"]"],
                        Config = new Docker.DotNet.Models.Config(),
                    },
                    t),
                cancellationToken,
                TimeSpan.FromMinutes(5)).ConfigureAwait(false);
        }
        finally
        {
            await engine.RemoveContainerAsync(container.ID, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void Stage(string text)
    {
        lock (gate)
        {
            stage = text;
        }

        LogStage(text);
    }

    private sealed class Synchronous<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "{Stage}")]
    private partial void LogStage(string stage);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "No registry gives {Image}, so debootstrap makes it: {Reason}")]
    private partial void LogNoRegistry(string image, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "The machine image could not be built: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Error, Message = "The build of the machine image broke")]
    private partial void LogBroke(Exception error);
}

/// <summary>An image to be built.</summary>
/// <param name="Reference">Its name and tag.</param>
/// <param name="ContentHash">Hash of all it is made from.</param>
/// <param name="Agent">The agent's binary.</param>
internal sealed record ImagePlan(string Reference, string ContentHash, byte[] Agent);
