using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of buckets.</summary>
internal static class BucketChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } =
        LifecycleChecks.Of("objectStorage", ResourceKinds.Bucket, static p => p.ObjectStorage?.Buckets, static (_, _) => Task.FromResult(new BucketSpec("backups")), another: static (spec, _) => spec);
}
