using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Tests.Requirements;

public sealed class StoreSheetTests
{
    private static readonly StoreSheet s_sheet = new(CapabilityNames.SecretStore) { Ways = [GrantWay.Native, GrantWay.Brokered] };

    [Fact]
    public void WaysFrom_MachinesOfItsOwn_AreAll() => s_sheet.WaysFrom(isElsewhere: false).Should().Equal(GrantWay.Native, GrantWay.Brokered);

    [Fact]
    public void WaysFrom_MachinesElsewhere_AreNeverNative() => s_sheet.WaysFrom(isElsewhere: true).Should().Equal(GrantWay.Brokered);

    [Fact]
    public void Facts_TellTheWays() => s_sheet.Facts.Should().ContainSingle().Which.Value.Should().Be("to its own machines, by itself, through the engine");
}
