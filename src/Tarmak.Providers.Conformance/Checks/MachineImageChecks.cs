using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of machine images. An image serves whoever asks for the same, so its deletion leaves it.</summary>
internal static class MachineImageChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } = LifecycleChecks.Of(
        CapabilityNames.MachineImages, ResourceKinds.MachineImage, static p => p.MachineImages?.Images, static (_, _) => Task.FromResult(new MachineImageSpec("base")),
        only: LifecycleChecks.OfUnowned);
}
