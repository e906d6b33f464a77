using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What objects stand on.</summary>
internal static class Places
{
    /// <summary>Why a sheet excludes what stands on machines, networks and an edge.</summary>
    public static string? WithoutMachines(RequirementSheet sheet) =>
        sheet.Find(CapabilityNames.Compute) is null || sheet.Find(CapabilityNames.Network) is null || sheet.Find(CapabilityNames.MachineImages) is null
            ? "it makes no machines, networks and images that it could stand on"
            : null;
}
