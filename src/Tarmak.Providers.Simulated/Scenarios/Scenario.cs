using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Scenarios;

/// <summary>What is simulated: a sort of cloud, its seed and what goes wrong.</summary>
/// <param name="Seed">Everything by chance comes of it.</param>
/// <param name="Profile">The sort of cloud.</param>
/// <param name="Faults">The faults; of several that a call meets the first is taken.</param>
internal sealed record Scenario(long Seed, CloudProfile Profile, IReadOnlyList<Fault> Faults)
{
    /// <summary>The default cloud, and nothing goes wrong but by its nature.</summary>
    public static Scenario Default => new(1, CloudProfiles.Default, []);
}
