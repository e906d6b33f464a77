using System.Text.Json;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container.ObjectStorage;

/// <summary>Buckets: folders with a file of the owner's marks. A lock file orders all processes' steps.</summary>
internal sealed class BucketDriver(string root) : ContainerDriver<BucketSpec>
{
    internal const string MarksFile = ".bucket.json";

    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Bucket,
        EnsureResolution = UnknownResolution.UniqueName,

        // Files of this machine: a call ends with its process, and what it had begun is seen at once.
        CallDeadline = TimeSpan.FromSeconds(15),
        HoldsData = true,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override Task<StepOutcome> ObserveCoreAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => LockedAsync(call, () =>
    {
        if (IsThis(Marks(call.Name), call))
        {
            return Seen(Present(call));
        }

        // Nobody may come back to a bucket that was not made to its end.
        RemoveUnfinished(call.Name);
        return Gone();
    }, cancellationToken);

    protected override Task<StepOutcome> EnsureCoreAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => LockedAsync(call, () =>
    {
        var labels = Marks(call.Name);
        if (labels is not null)
        {
            return IsThis(labels, call) ? Seen(Present(call)) : Refused(ErrorClass.Conflict, Labels.Foreign("bucket", call.Name));
        }

        // The folder gets its name with the marks in it: one without marks would be nobody's to delete.
        var making = RemoveUnfinished(call.Name);
        DurableFiles.CreateFolder(making);
        DurableFiles.Write(
            Path.Combine(making, MarksFile),
            JsonSerializer.SerializeToUtf8Bytes(Labels.Of(call, ResourceKinds.Bucket), BucketJson.Default.DictionaryStringString));
        Directory.Move(making, Path.Combine(root, call.Name));
        DurableFiles.SyncFolder(root);
        return Seen(Present(call));
    }, cancellationToken);

    protected override Task<StepOutcome> DeleteCoreAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => LockedAsync(call, () =>
    {
        var name = call.ObjectId ?? call.Name;
        if (IsThis(Marks(name), call))
        {
            // The marks go first, by renaming the folder: a half-deleted bucket is no bucket.
            var going = Path.Combine(root, $".deleting-{name}-{Guid.NewGuid():N}");
            Directory.Move(Path.Combine(root, name), going);
            DurableFiles.SyncFolder(root);
        }

        foreach (var left in Directory.GetDirectories(root, $".deleting-{name}-*"))
        {
            Directory.Delete(left, recursive: true);
        }

        return Gone();
    }, cancellationToken);

    private static Observation Present(ResourceCall call) => Observation.Present(call.Name, ResourceJson.Write(new BucketOutputs(call.Name)));

    private static bool IsThis(Dictionary<string, string>? labels, ResourceCall call) =>
        Labels.IsOwn(labels, call.Marks) && Labels.IncarnationOf(labels) == call.Incarnation;

    // One at a time: two that make, or one that makes and one that clears away, would leave a folder without marks.
    private async Task<StepOutcome> LockedAsync(ResourceCall call, Func<StepOutcome> work, CancellationToken cancellationToken)
    {
        try
        {
            using (await DurableFiles.LockAsync(root, cancellationToken).ConfigureAwait(false))
            {
                return work();
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return Refused(ErrorClass.Transient, $"Bucket {call.Name} could not be used: {fault.Message}");
        }
    }

    private string RemoveUnfinished(string name)
    {
        var making = Path.Combine(root, $".making-{name}");
        if (Directory.Exists(making))
        {
            Directory.Delete(making, recursive: true);
        }

        return making;
    }

    private Dictionary<string, string>? Marks(string name)
    {
        var path = Path.Combine(root, name, MarksFile);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), BucketJson.Default.DictionaryStringString) : null;
    }
}
