using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Tests.Reference;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Requirement sheets that say what is not so.</summary>
internal static class WrongSheets
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("offers what the provider does not have", CapabilityNames.LoadBalancing, sheet => sheet with
        {
            Capabilities = [.. sheet.Capabilities, new CapabilitySheet(CapabilityNames.LoadBalancing)],
        }),
        Of("leaves out what the provider has", CapabilityNames.SecretStore, sheet => sheet with
        {
            Capabilities = [.. sheet.Capabilities.Where(c => c.Capability != CapabilityNames.SecretStore)],
        }),
        Of("leaves out a kind of object", CapabilityNames.ObjectStorage, sheet => With(sheet, CapabilityNames.ObjectStorage, c => c with { Objects = [] })),
        Of("tells another way to resolve a lost reply", CapabilityNames.Volumes, sheet => With(sheet, CapabilityNames.Volumes, c => c with
        {
            Objects = [.. c.Objects.Select(o => o with { EnsureResolution = UnknownResolution.Read, VisibilityBound = TimeSpan.FromMinutes(1) })],
        })),
        Of("tells no way in which a store is granted", CapabilityNames.SecretStore, sheet => With(sheet, CapabilityNames.SecretStore, c => new CapabilitySheet(c.Capability))),
        Of("says that machines run their images", CapabilityNames.Compute, sheet => With(sheet, CapabilityNames.Compute, c => (ComputeSheet)c with { RunsImages = true })),
        Of("says that volumes hold no data", CapabilityNames.Volumes, sheet => With(sheet, CapabilityNames.Volumes, c => c with
        {
            Objects = [.. c.Objects.Select(o => o with { HoldsData = !o.HoldsData })],
        })),
    ];

    private static WrongDriver Of(string what, string capability, Func<RequirementSheet, RequirementSheet> sheet) =>
        new($"sheet {what}", $"{capability}/sheet-tells-what-is-so", (MemoryCloud.Right() with { Sheet = sheet }).Open);

    private static RequirementSheet With(RequirementSheet sheet, string capability, Func<CapabilitySheet, CapabilitySheet> change) => sheet with
    {
        Capabilities = [.. sheet.Capabilities.Select(c => c.Capability == capability ? change(c) : c)],
    };
}
