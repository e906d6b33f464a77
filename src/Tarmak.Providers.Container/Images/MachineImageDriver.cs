using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Images;

/// <summary>The base image of all roles. Its tag is its content's hash, so it is built at most once; deleting drops a use, not the image.</summary>
internal sealed class MachineImageDriver(ContainerEngine engine, ImageBuilder builder) : ContainerDriver<MachineImageSpec>
{
    private static readonly TimeSpan PollAfter = TimeSpan.FromSeconds(1);

    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.MachineImage,
        EnsureResolution = UnknownResolution.UniqueName,
        Shared = true,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override async Task<StepOutcome> ObserveCoreAsync(ResourceCall call, MachineImageSpec spec, CancellationToken cancellationToken)
    {
        // An image in use stays the one it was, though the next would be built from a newer agent.
        var reference = call.ObjectId ?? builder.Plan().Reference;
        var image = await engine.FindImageAsync(reference, cancellationToken).ConfigureAwait(false);
        return image is null ? Gone() : Seen(Present(reference, Labels.Value(image.Config?.Labels, Labels.Image) ?? string.Empty));
    }

    protected override async Task<StepOutcome> EnsureCoreAsync(ResourceCall call, MachineImageSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Name != "base")
        {
            return Refused(ErrorClass.InvalidSpec, $"There is no machine image {spec.Name}; take base.");
        }

        var plan = builder.Plan();
        if (await engine.FindImageAsync(plan.Reference, cancellationToken).ConfigureAwait(false) is not null)
        {
            await builder.RemoveLeftoversAsync(cancellationToken).ConfigureAwait(false);
            return Seen(Present(plan.Reference, plan.ContentHash));
        }

        return builder.StartOrAsk(plan) is { } detail ? new StepOutcome.InProgress(plan.ContentHash, PollAfter, detail) : Seen(Present(plan.Reference, plan.ContentHash));
    }

    protected override Task<StepOutcome> DeleteCoreAsync(ResourceCall call, MachineImageSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult(Gone());

    private static Observation Present(string reference, string hash) =>
        Observation.Present(reference, ResourceJson.Write(new MachineImageOutputs(reference, hash)));
}
