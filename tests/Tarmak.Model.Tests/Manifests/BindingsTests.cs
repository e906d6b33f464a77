using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Model.Tests.Manifests;

public sealed class BindingsTests
{
    [Fact]
    public void For_WithoutOverrides_IsTheEnvironmentsProvider()
    {
        var bindings = Of("");

        bindings.All.Should().OnlyContain(b => b.Provider == "laptop" && b.Field == "spec.provider");
        bindings.All.Select(b => b.Key).Should().Equal(OverrideKeys.All);
    }

    [Theory]
    [InlineData("objectStorage: { provider: far }", "configuration", "far", "objectStorage")]
    [InlineData("objectStorage: { provider: far }, configuration: { provider: near }", "configuration", "near", "configuration")]
    [InlineData("objectStorage: { provider: far }, configuration: { provider: near }", "backups", "far", "objectStorage")]
    [InlineData("configuration: { provider: near }", "backups", "laptop", null)]
    [InlineData("configuration: { provider: near }", "objectStorage", "laptop", null)]
    [InlineData("dns: { provider: near, zone: k.example }", "dns", "near", "dns")]
    public void For_AUse_IsBoundByItsOwnOverrideThenByTheCapabilitys(string overrides, string key, string provider, string? source)
    {
        var binding = Of(overrides).For(key);

        (binding.Provider, binding.Source).Should().Be((provider, source));
    }

    [Theory]
    [InlineData("", "dev.example.test")]
    [InlineData("dns: { provider: near }", "dev.example.test")]
    [InlineData("dns: { provider: near, zone: k.example }", "k.example")]
    public void PublicZone_OfBoundDns_IsTheOneItNames(string overrides, string zone) => Of(overrides).PublicZone.Should().Be(zone);

    [Fact]
    public void Placed_AreCapabilities() => Bindings.Placed.Should().BeSubsetOf(CapabilityNames.All).And.OnlyHaveUniqueItems();

    [Fact]
    public void Of_EveryResourceKind_IsACapabilityOrTheEnginesOwn()
    {
        var kinds = typeof(ResourceKinds).GetFields().Select(f => (string)f.GetValue(null)!).ToList();

        kinds.Where(k => CapabilityNames.Of(k) is null).Should().BeEquivalentTo(
            ResourceKinds.AccessGrants, ResourceKinds.Authority, ResourceKinds.Binding, ResourceKinds.Bundle, ResourceKinds.Convergence, ResourceKinds.ObjectCopy, ResourceKinds.SecretCopy);
        kinds.Where(k => CapabilityNames.Of(k) is not null).Should().BeEquivalentTo(ResourceKinds.OfProviders);
    }

    private static Bindings Of(string overrides) => new(Documents.Read($$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Environment
        metadata: { name: dev }
        spec: { provider: laptop, dns: { publicZone: dev.example.test }, overrides: { {{overrides}} } }
        """).Environments.Single().Manifest.Spec);
}
