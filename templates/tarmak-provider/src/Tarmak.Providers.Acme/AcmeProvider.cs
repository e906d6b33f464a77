using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Acme;

/// <summary>One account at Acme. A capability that is not here is not offered.</summary>
public sealed class AcmeProvider : IProvider, IVolumes
{
    private readonly string folder;

    internal AcmeProvider(string folder)
    {
        this.folder = folder;
        Volumes = new VolumeDriver(folder);
    }

    /// <inheritdoc/>
    public RequirementSheet Sheet => AcmeSheet.Sheet;

    /// <inheritdoc/>
    public IResourceDriver<VolumeSpec> Volumes { get; }

    IVolumes IProvider.Volumes => this;

    /// <inheritdoc/>
    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>(
    [
        Directory.Exists(folder)
            ? new RequirementFinding(AcmeSheet.Folder, RequirementState.Met, $"{folder} is there.")
            : new RequirementFinding(AcmeSheet.Folder, RequirementState.Unknown, $"{folder} is made with the first volume; looking changes nothing."),
    ]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
