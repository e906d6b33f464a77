using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Tests.Requirements;

public sealed class ElsewhereTests
{
    private static readonly RequirementSheet Nothing = Of();

    public static TheoryData<string> Keys() => [.. OverrideKeys.All];

    public static TheoryData<string> Placed() => [.. Bindings.Placed.Except([CapabilityNames.NetworkPeering])];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Excludes_WhatIsNotOffered_IsNamed(string key) =>
        Elsewhere.Excludes(Nothing, Nothing, key).Should().Be($"which offers no {Elsewhere.CapabilityOf(key)}");

    [Theory]
    [MemberData(nameof(Placed))]
    public void Excludes_WhatIsWhereTheMachinesAre_AlthoughItIsOffered(string capability) =>
        Elsewhere.Excludes(Nothing, Of(new CapabilitySheet(capability)), capability).Should().Be($"whose {capability} is for machines of its own only");

    [Theory]
    [InlineData("state")]
    [InlineData("configuration")]
    [InlineData("backups")]
    [InlineData(CapabilityNames.ObjectStorage)]
    public void Excludes_StoreThatIsReadThroughTheEngine_Nothing(string key) =>
        Elsewhere.Excludes(Nothing, Of(new StoreSheet(CapabilityNames.ObjectStorage) { Ways = [GrantWay.Brokered] }), key).Should().BeNull();

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void Excludes_Ways_UnlessBothSidesLetThemLeadElsewhere(bool own, bool other, bool allowed) =>
        (Elsewhere.Excludes(Of(new PeeringSheet { LeadsElsewhere = own }), Of(new PeeringSheet { LeadsElsewhere = other }), CapabilityNames.NetworkPeering) is null)
            .Should().Be(allowed);

    private static RequirementSheet Of(params CapabilitySheet[] capabilities) => new() { Type = "one", Summary = "One.", Capabilities = [.. capabilities] };
}
