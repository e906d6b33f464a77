using Tarmak.Model.Manifests;

namespace Tarmak.Model.Tests.Manifests;

public sealed class ManifestDiffTests
{
    private static readonly ClusterSpec Before = Documents.ReadCluster("{}").Spec;

    [Fact]
    public void Between_EqualSpecs_IsEmpty() => ManifestDiff.Between(Before, Documents.ReadCluster("{}").Spec).Should().BeEmpty();

    [Fact]
    public void Between_ChangedPool_NamesItsFields()
    {
        var after = Before with { InstancePools = [Before.InstancePools[0], Before.InstancePools[1] with { Min = 5, Max = 5, Zones = ["a"] }] };

        ManifestDiff.Between(Before, after).Should().BeEquivalentTo(
        [
            new FieldChange("spec.instancePools[etcd].min", "3", "5"),
            new FieldChange("spec.instancePools[etcd].max", "3", "5"),
            new FieldChange("spec.instancePools[etcd].zones[0]", null, "\"a\""),
        ]);
    }

    [Fact]
    public void Between_RemovedPool_ListsWhatGoes() =>
        ManifestDiff.Between(Before, Before with { InstancePools = [Before.InstancePools[1]] })
            .Should().Contain(new FieldChange("spec.instancePools[bastion].size", "\"tiny\"", null)).And.OnlyContain(c => c.To == null);

    [Fact]
    public void Between_NothingAndASpec_ListsEveryField() =>
        ManifestDiff.Between(null, new ProviderSpec { Type = "container", Host = "unix:///x" }).Should().Equal(
            new FieldChange("spec.type", null, "\"container\""), new FieldChange("spec.host", null, "\"unix:///x\""));

    [Fact]
    public void Between_PoolsInAnotherOrder_IsAChange() =>
        ManifestDiff.Between(Before, Before with { InstancePools = [.. Before.InstancePools.Reverse()] })
            .Should().ContainSingle().Which.Path.Should().Be("spec.instancePools");

    [Fact]
    public void Between_Environments_ComparesOverrides() =>
        ManifestDiff.Between(
            new EnvironmentSpec { Provider = "a" },
            new EnvironmentSpec { Provider = "b", Overrides = new Dictionary<string, CapabilityOverride> { ["dns"] = new() { Provider = "c" } } })
            .Should().Equal(new FieldChange("spec.provider", "\"a\"", "\"b\""), new FieldChange("spec.overrides.dns.provider", null, "\"c\""));
}
