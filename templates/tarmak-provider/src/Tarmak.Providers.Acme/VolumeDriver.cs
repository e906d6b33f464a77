using System.Globalization;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Acme;

/// <summary>
/// Volumes as folders. A file beside the data says whose a folder is; both appear in one step, when the folder gets its name,
/// so that there is never one that nobody owns.
/// </summary>
internal sealed class VolumeDriver(string folder) : IResourceDriver<VolumeSpec>
{
    /// <summary>What this driver promises its machine; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Volume,

        // Two folders of one name cannot be: a creation whose reply was lost is found by its name.
        EnsureResolution = UnknownResolution.UniqueName,
        HoldsData = true,
        Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    private const string OwnerFile = ".owner";

    /// <inheritdoc/>
    public ResourceTraits Traits => Declared;

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
        Tried(() => Owner(PathOf(call.Name)) == MarkOf(call) ? Seen(call) : Observation.Absent);

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => Tried(() =>
    {
        // Made elsewhere, then named: the name is taken by exactly one.
        var unnamed = Directory.CreateDirectory(PathOf($".{Guid.NewGuid():N}")).FullName;
        try
        {
            File.WriteAllText(Path.Combine(unnamed, OwnerFile), MarkOf(call));
            Directory.Move(unnamed, PathOf(call.Name));
        }
        catch (IOException) when (Directory.Exists(PathOf(call.Name)))
        {
            Directory.Delete(unnamed, recursive: true);
        }

        return Owner(PathOf(call.Name)) == MarkOf(call)
            ? Seen(call)
            : throw new ProviderException(ErrorClass.Conflict, $"The volume {call.Name} is there already and belongs to somebody else; remove it or rename yours.");
    });

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) => Tried(() =>
    {
        // By what it is, not by its name alone: a delete that comes late must spare the next volume of the name.
        if (Owner(PathOf(call.Name)) == MarkOf(call))
        {
            // It loses its name first, in one step: a deletion cut off half-way leaves no half volume.
            var unnamed = PathOf($".{Guid.NewGuid():N}");
            Directory.Move(PathOf(call.Name), unnamed);
            Directory.Delete(unnamed, recursive: true);
        }

        return Observation.Absent;
    });

    /// <summary>The one place where failures become the contract's: nothing else may be thrown.</summary>
    private static Task<StepOutcome> Tried(Func<Observation> step)
    {
        try
        {
            return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(step()));
        }
        catch (UnauthorizedAccessException refused)
        {
            return Task.FromResult<StepOutcome>(new StepOutcome.Failed(ErrorClass.Unauthorized, refused.Message));
        }
        catch (IOException failed)
        {
            // It may have had an effect, so nobody knows.
            return Task.FromResult<StepOutcome>(new StepOutcome.Unknown(failed.Message));
        }
        catch (ProviderException refused)
        {
            return Task.FromResult<StepOutcome>(new StepOutcome.Failed(refused.Error, refused.Message));
        }
    }

    private static string? Owner(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path, OwnerFile));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static string MarkOf(ResourceCall call) =>
        string.Join('\n', [.. call.Marks.ToLabels().OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"), call.Incarnation.ToString(CultureInfo.InvariantCulture)]);

    private static Observation Seen(ResourceCall call) => Observation.Present(call.Name, ResourceJson.Write(new VolumeOutputs(call.Name)));

    private string PathOf(string name) => Path.Combine(folder, name);
}
