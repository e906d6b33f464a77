using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Tests.Requirements;

public sealed class ManifestRequirementsTests
{
    private static readonly string[] Everything =
    [
        CapabilityNames.SecretStore, CapabilityNames.MachineImages, CapabilityNames.ObjectStorage, CapabilityNames.LoadBalancing,
        CapabilityNames.Dns, CapabilityNames.Network, CapabilityNames.Compute, CapabilityNames.Volumes,
    ];

    [Fact]
    public void Check_ProviderThatOffersEverything_FindsNothing() => Check("", Everything).Should().BeEmpty();

    [Fact]
    public void Check_ProviderThatOffersNothing_TellsEverythingAtOnce() =>
        Check("").Should().HaveCount(Everything.Length).And.OnlyContain(p => p.Path == "spec.provider" && p.Message.Contains("offers no "));

    [Theory]
    [MemberData(nameof(Capabilities))]
    public void Check_OneThatIsMissing_IsNamed(string missing) =>
        Check("", [.. Everything.Except([missing])]).Should().ContainSingle().Which.Message.Should().Contain($"offers no {missing},");

    [Theory]
    [InlineData(CapabilityNames.SecretStore, "secretStore: { provider: other }")]
    [InlineData(CapabilityNames.ObjectStorage, "objectStorage: { provider: other }")]
    [InlineData(CapabilityNames.ObjectStorage, "configuration: { provider: other }")]
    public void Check_OneThatIsMissingAndBoundElsewhere_FindsNothing(string missing, string overrides) =>
        Check(overrides, [.. Everything.Except([missing])]).Should().BeEmpty();

    [Fact]
    public void Check_OverrideToAProviderWithoutIt_IsToldAtTheOverride() =>
        Check("dns: { provider: bare }", Everything).Should().ContainSingle().Which.Path.Should().Be("spec.overrides.dns.provider");

    [Fact]
    public void Check_NamesSeenFromOutsideAtAProviderOfEdges_AreRefused() =>
        Check("dns: { provider: other }", Everything, new DnsSheet { NeedsEdge = true }).Should().ContainSingle()
            .Which.Message.Should().Contain("serves zones beside its own machines only");

    [Theory]
    [InlineData(CapabilityNames.Compute)]
    [InlineData(CapabilityNames.Volumes)]
    [InlineData(CapabilityNames.MachineImages)]
    public void Check_WhatIsWhereTheMachinesAre_CannotBeElsewhere(string capability) =>
        Check($"{capability}: {{ provider: other }}", Everything).Should().Contain(p => p.Path == $"spec.overrides.{capability}.provider" && p.Message.Contains("another cloud"));

    public static TheoryData<string> Capabilities() => [.. Everything];

    private static List<ManifestProblem> Check(string overrides, params string[] offered) => Check(overrides, offered, null);

    private static List<ManifestProblem> Check(string overrides, string[] offered, CapabilitySheet? otherDns)
    {
        var read = ManifestReader.Read([new ManifestFile("test.yaml", $$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Environment
            metadata: { name: dev }
            spec: { provider: main, dns: { publicZone: dev.example.test }, overrides: { {{overrides}} } }
            """)]);
        read.Problems.Should().BeEmpty();
        var sheets = new ProviderSheets(
        [
            new SheetOnly("main", [.. offered.Select(name => new CapabilitySheet(name))]),
            new SheetOnly("other", [.. Everything.Select(name => name == CapabilityNames.Dns && otherDns is not null ? otherDns : new CapabilitySheet(name))]),
            new SheetOnly("bare", []),
        ]);
        return [.. new ManifestRequirements(sheets, name => new ProviderSpec { Type = name }, _ => null).Check(read)];
    }

    private sealed class SheetOnly(string type, CapabilitySheet[] capabilities) : IProviderFactory
    {
        public string Type => type;

        public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) =>
            new() { Type = type, Summary = "A sheet of paper.", Capabilities = [.. capabilities] };

        public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets) => throw new NotSupportedException("Sheets are read without a provider.");
    }
}
