using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes that declare a bound and do not keep it.</summary>
internal static class WrongVisibility
{
    /// <summary>A bound that takes a test no time.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMilliseconds(20);

    public static IEnumerable<WrongDriver> All =>
    [
        Of("shows what it made long after its bound", "made-is-observed-as-made", new ShowsLate()),
        Of("has copies of which one is long behind", "shows-within-its-bound", new HasALateCopy()),
        Of("lists what it made long after its bound", "shows-within-its-bound", new ListsLate()),
        Of("declares no bound and is behind", "shows-within-its-bound", new DeclaresNone()),
    ];

    private static WrongDriver Of(string what, string caught, MemoryVolumes volumes) => new(what, $"volumes/volume-{caught}", MemoryCloud.Of(volumes: volumes).Open);

    private sealed class ShowsLate() : StaleVolumes(Bound)
    {
        protected override TimeSpan Behind(int look, bool ofList) => TimeSpan.FromHours(1);
    }

    private sealed class HasALateCopy() : StaleVolumes(Bound)
    {
        protected override TimeSpan Behind(int look, bool ofList) => look % 3 == 2 ? TimeSpan.FromHours(1) : TimeSpan.Zero;
    }

    private sealed class ListsLate() : StaleVolumes(Bound)
    {
        protected override TimeSpan Behind(int look, bool ofList) => ofList ? TimeSpan.FromHours(1) : TimeSpan.Zero;
    }

    private sealed class DeclaresNone() : StaleVolumes(TimeSpan.Zero)
    {
        protected override TimeSpan Behind(int look, bool ofList) => TimeSpan.FromHours(1);
    }
}
