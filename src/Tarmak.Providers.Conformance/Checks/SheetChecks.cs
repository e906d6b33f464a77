using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of the requirement sheet: it says what the provider really does.</summary>
internal static class SheetChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } = [.. CapabilityNames.All.Select(Of)];

    private static readonly string[] Stores = [CapabilityNames.SecretStore, CapabilityNames.ObjectStorage, CapabilityNames.ContainerRegistry];

    private static ConformanceCheck Of(string capability) => new(
        $"{capability}/sheet-tells-what-is-so",
        $"The requirement sheet offers {capability} where the provider has it, with the kinds of object and the traits its drivers declare.",
        provider => ProviderCapabilities.Has(provider, capability) || provider.Sheet.Find(capability) is not null,
        (scope, _) =>
        {
            Compare(scope.Provider, capability);
            return Task.CompletedTask;
        })
    {
        Group = CheckGroup.Sheet,
    };

    private static void Compare(IProvider provider, string capability)
    {
        Expect.That(provider.Sheet.Find(capability) is not null, $"The provider has {capability}, and its sheet does not offer it.");
        Expect.That(ProviderCapabilities.Has(provider, capability), $"The sheet offers {capability}, and the provider does not have it.");
        Expect.That(
            !Stores.Contains(capability) || provider.Sheet.Find(capability) is StoreSheet { Ways.IsDefaultOrEmpty: false },
            $"The sheet does not tell in which way instances are granted what is in {capability}.");
        if (provider.Sheet.Find(capability) is ComputeSheet compute)
        {
            Expect.That(compute.RunsImages == (provider.StandIn is null), $"The sheet says that machines {(compute.RunsImages ? "run" : "do not run")} their images, and there is {(provider.StandIn is null ? "nobody" : "somebody")} who answers for them.");
        }

        var told = provider.Sheet.Find(capability)!.Objects;
        foreach (var kind in ResourceKinds.OfProviders.Where(kind => CapabilityNames.Of(kind) == capability))
        {
            var driver = ProviderDrivers.Find(provider, kind);
            var sheet = told.SingleOrDefault(o => o.Kind == kind);
            Expect.That((driver is null) == (sheet is null), $"The sheet {(sheet is null ? "leaves out" : "names")} {kind}, and the provider {(driver is null ? "does not drive it" : "drives it")}.");
            if (driver is not null && sheet is not null)
            {
                var declared = ObjectSheet.Of(driver.Traits, sheet.Mark);
                Expect.That(declared == sheet, $"The sheet says {sheet} of {kind}, and its driver declares {declared}.");
            }
        }
    }
}
