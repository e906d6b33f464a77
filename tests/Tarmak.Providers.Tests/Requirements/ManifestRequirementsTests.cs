using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Tests.Requirements;

public sealed class ManifestRequirementsTests
{
    private static readonly string[] Everything =
    [
        CapabilityNames.SecretStore, CapabilityNames.MachineImages, CapabilityNames.ObjectStorage, CapabilityNames.LoadBalancing,
        CapabilityNames.Dns, CapabilityNames.Firewall, CapabilityNames.Network, CapabilityNames.Compute, CapabilityNames.Volumes,
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

    [Fact]
    public void Check_StoreElsewhereThatLetsInMachinesOfItsOwnOnly_IsRefused() =>
        Check("secretStore: { provider: other }", Everything, new StoreSheet(CapabilityNames.SecretStore) { Ways = [GrantWay.Native] }).Should().ContainSingle()
            .Which.Should().Match<ManifestProblem>(p => p.Path == "spec.overrides.secretStore.provider" && p.Message.Contains("machines of its own only"));

    [Theory]
    [InlineData("state")]
    [InlineData("backups")]
    [InlineData(CapabilityNames.ContainerRegistry)]
    public void Check_OverrideOfWhatIsNotNeededYet_IsHeldAgainstItsProviderToo(string key) =>
        Check($"{key}: {{ provider: bare }}", Everything).Should().ContainSingle()
            .Which.Should().Match<ManifestProblem>(p => p.Path == $"spec.overrides.{key}.provider" && p.Message.Contains("which offers no "));

    [Fact]
    public void Check_OverrideOfObjectStorageThatCannotServeIt_IsToldOnceForAllItsUses() =>
        Check("objectStorage: { provider: other }", Everything, new StoreSheet(CapabilityNames.ObjectStorage) { Ways = [GrantWay.Native] }).Should().ContainSingle()
            .Which.Path.Should().Be("spec.overrides.objectStorage.provider");

    [Fact]
    public void Check_PeeringBoundElsewhere_IsRefused_BecauseEachHalfIsItsNetworks() =>
        Check("networkPeering: { provider: other }", Everything).Should().ContainSingle()
            .Which.Message.Should().Contain("it can only be where they are");

    [Fact]
    public void Check_StoreElsewhereThatTheEngineReads_FindsNothing() =>
        Check("secretStore: { provider: other }", Everything, new StoreSheet(CapabilityNames.SecretStore) { Ways = [GrantWay.Native, GrantWay.Brokered] }).Should().BeEmpty();

    [Fact]
    public void Check_RepositoriesWithoutARegistry_AreRefusedInEnvironmentAndCluster()
    {
        var read = Read("""
            apiVersion: tarmak.io/v1alpha1
            kind: Environment
            metadata: { name: dev }
            spec: { provider: main, repositories: [ web ] }
            ---
            apiVersion: tarmak.io/v1alpha1
            kind: Cluster
            metadata: { name: demo, environment: dev }
            spec: { repositories: [ tools ] }
            """);

        var problems = new ManifestRequirements(Sheets(Everything, null), name => new ProviderSpec { Type = name }, _ => new EnvironmentSpec { Provider = "main" }).Check(read);

        problems.Should().Contain(p => p.Path == "spec.provider" && p.Message.Contains("offers no containerRegistry, needed for its repositories"))
            .And.Contain(p => p.Path == "spec.repositories" && p.Message.Contains("offer no containerRegistry"));
    }

    [Theory]
    [InlineData("one", null)]
    [InlineData("two", "spec.instancePools[1].identityPolicies: name two, and providers of type main know one; leave it out")]
    public void Check_PolicyOfAPool_IsOneTheProviderKnows(string policy, string? problem)
    {
        var read = Read($$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Cluster
            metadata: { name: demo, environment: dev }
            spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, identityPolicies: [ {{policy}} ] } ] }
            """);
        var sheets = new ProviderSheets([new SheetOnly("main", [new AccessIdentitySheet { Policies = ["one"] }])]);

        var found = new ManifestRequirements(sheets, name => new ProviderSpec { Type = name }, _ => new EnvironmentSpec { Provider = "main" }).Check(read).Select(p => $"{p.Path}: {p.Message}");

        found.Should().BeEquivalentTo(problem is null ? [] : new[] { problem });
    }

    [Theory]
    [InlineData(CapabilityNames.Compute)]
    [InlineData(CapabilityNames.Volumes)]
    [InlineData(CapabilityNames.MachineImages)]
    public void Check_WhatIsWhereTheMachinesAre_CannotBeElsewhere(string capability) =>
        Check($"{capability}: {{ provider: other }}", Everything).Should().Contain(p => p.Path == $"spec.overrides.{capability}.provider" && p.Message.Contains("another cloud"));

    [Theory]
    [InlineData("type: served, server: ns1.example.test", null)]
    [InlineData("type: served", "spec.server: is missing, and providers of type served need it")]
    [InlineData("type: served, server: a, host: \"unix:///x\"", "spec.host: is not used by providers of type served; leave it out")]
    [InlineData("type: served, server: a, region: eu-west-1", "spec.region: is not used by providers of type served; leave it out")]
    [InlineData("type: main, credentialsFrom: { env: A }", "spec.credentialsFrom: is not used by providers of type main; leave it out")]
    [InlineData("type: served, server: a, credentialsFrom: { secretStore: a/b }", "spec.credentialsFrom.secretStore: names a place in a secret store")]
    [InlineData("type: moon", "spec.type: is moon, which this engine has no provider for; it has: bare, main, other, served")]
    public void Check_SettingsOfAProvider_AreThoseItsTypeTakes(string spec, string? problem)
    {
        var read = Read($$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Provider
            metadata: { name: one }
            spec: { {{spec}} }
            """);

        var problems = new ManifestRequirements(Sheets(Everything, null), _ => null, _ => null).Check(read).Select(p => $"{p.Path}: {p.Message}").ToList();

        if (problem is null)
        {
            problems.Should().BeEmpty();
        }
        else
        {
            problems.Should().ContainSingle().Which.Should().StartWith(problem);
        }
    }

    public static TheoryData<string> Capabilities() => [.. Everything];

    private static List<ManifestProblem> Check(string overrides, params string[] offered) => Check(overrides, offered, null);

    private static List<ManifestProblem> Check(string overrides, string[] offered, CapabilitySheet? otherSheet)
    {
        var read = Read($$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Environment
            metadata: { name: dev }
            spec: { provider: main, dns: { publicZone: dev.example.test }, overrides: { {{overrides}} } }
            """);
        return [.. new ManifestRequirements(Sheets(offered, otherSheet), name => new ProviderSpec { Type = name }, _ => null).Check(read)];
    }

    private static ManifestReadResult Read(string text)
    {
        var read = ManifestReader.Read([new ManifestFile("test.yaml", text)]);
        read.Problems.Should().BeEmpty();
        return read;
    }

    private static ProviderSheets Sheets(string[] offered, CapabilitySheet? otherSheet) => new(
    [
        new SheetOnly("main", [.. offered.Select(name => new CapabilitySheet(name))]),
        new SheetOnly("other", [.. Everything.Select(name => name == otherSheet?.Capability ? otherSheet : new CapabilitySheet(name))]),
        new SheetOnly("bare", []),
        new SheetOnly("served", [new DnsSheet()]) { Settings = [ProviderOptions.Server, ProviderOptions.Credentials], RequiredSettings = [ProviderOptions.Server] },
    ]);

    private sealed class SheetOnly(string type, CapabilitySheet[] capabilities) : IProviderFactory
    {
        public string Type => type;

        public string[] Settings { get; init; } = [];

        public string[] RequiredSettings { get; init; } = [];

        public RequirementSheet Describe(IReadOnlyDictionary<string, string> options) => new()
        {
            Type = type,
            Summary = "A sheet of paper.",
            Capabilities = [.. capabilities],
            Settings = [.. Settings],
            RequiredSettings = [.. RequiredSettings],
        };

        public IProvider Create(ProviderSettings settings, IFirstBootSecrets firstBootSecrets) => throw new NotSupportedException("Sheets are read without a provider.");
    }
}
