using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of volumes.</summary>
internal static class VolumeChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } =
        LifecycleChecks.Of("volumes", ResourceKinds.Volume, static p => p.Volumes?.Volumes, static (_, _) => Task.FromResult(new VolumeSpec(1, "ssd", null)), 
        another: static (spec, _) => spec, changed: static spec => spec with { SizeGiB = spec.SizeGiB + 1 });
}
