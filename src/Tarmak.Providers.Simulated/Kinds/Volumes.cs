using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;

namespace Tarmak.Providers.Simulated.Kinds;

/// <summary>Volumes. They grow and do not shrink, and stay in their zone.</summary>
internal static class Volumes
{
    /// <summary>Classes there are.</summary>
    public static readonly string[] Classes = ["ssd", "hdd"];

    public static SimulatedKind<VolumeSpec> Kind { get; } = new()
    {
        Name = ResourceKinds.Volume,
        Prefix = "vol",
        Family = ApiFamily.Volumes,
        HoldsData = true,
        Making = Latency.Of(2, 8),
        ProblemOf = static spec => !Classes.Contains(spec.Class) ? $"There are no volumes of class {spec.Class}; take {string.Join(" or ", Classes)}."
            : spec.SizeGiB < 1 ? "A volume has at least 1 GiB." : null,
        Outputs = static (made, _, _) => ResourceJson.Write(new VolumeOutputs(made.Id)),
        Change = static (made, wanted) => made.Class == wanted.Class && made.Zone == wanted.Zone && made.SizeGiB <= wanted.SizeGiB ? ChangeEffect.Update : ChangeEffect.Replace,
    };
}
