using Tarmak.Model.Manifests;

namespace Tarmak.Model.Tests.Manifests;

public sealed class ManifestValidatorTests
{
    private static readonly ClusterManifest Live = Documents.ReadCluster("{}");

    [Fact]
    public void Validate_SameSpecAgain_NeedsNothing()
    {
        var result = Validate(Documents.Existing(Live), Documents.Cluster("{}"));

        result.Problems.Should().BeEmpty();
        result.RequiredConsents.Should().BeEmpty();
    }

    [Theory]
    [InlineData("provider: laptpo", "spec.provider: names provider laptpo, which does not exist; did you mean laptop?")]
    [InlineData("provider: laptop, dns: { publicZone: a.test }, overrides: { dns: { provider: office } }", "spec.overrides.dns.provider: names provider office, which does not exist; declare it, or name one of: laptop")]
    public void Validate_UnknownProvider_IsRefused(string spec, string problem)
    {
        var result = Validate(ExistingResources.None, Documents.Provider, Documents.EnvironmentWith($"{{ {spec} }}"));

        Texts(result).Should().Equal(problem);
    }

    [Fact]
    public void Validate_UnknownEnvironment_IsRefused()
    {
        var result = Validate(ExistingResources.None, Documents.Cluster("{}"));

        Texts(result).Should().Equal("metadata.environment: names environment dev, which does not exist; declare it: no environment is declared yet");
    }

    [Fact]
    public void Validate_ReferenceToABrokenDocument_IsNotReportedAgain()
    {
        var result = Validate(ExistingResources.None, Documents.ProviderWith("{ type: container, x: 1 }"), Documents.Environment, Documents.Cluster("{}"));

        result.Problems.Should().ContainSingle().Which.Path.Should().Be("spec.x");
    }

    [Fact]
    public void Validate_SameResourceTwice_NamesTheFirst()
    {
        var result = Validate(Documents.Existing(), Documents.Provider, Documents.Provider);

        result.Problems.Should().ContainSingle().Which.ToString()
            .Should().Be("test.yaml:8:19: metadata.name: provider laptop is already declared at test.yaml:1; keep one of the two");
    }

    [Theory]
    [InlineData("7", true)]
    [InlineData("6", false)]
    public void Validate_ResourceVersion_IsAPrecondition(string version, bool good)
    {
        var text = Documents.Cluster("{}").Replace("environment: dev", $"environment: dev, resourceVersion: '{version}'", StringComparison.Ordinal);

        Validate(Documents.Existing(Live), text).IsValid.Should().Be(good);
        Texts(Validate(Documents.Existing(), text)).Single().Should().StartWith("metadata.resourceVersion: is set, but cluster dev/demo does not exist");
    }

    [Fact]
    public void Validate_OverlapWithALiveCluster_SuggestsAFreeRange()
    {
        var result = Validate(Documents.Existing(Live), Documents.Cluster("{ network: { cidr: 10.99.0.0/17 } }", "other"));

        Texts(result).Should().Equal("spec.network.cidr: 10.99.0.0/17 overlaps 10.99.0.0/16 of cluster dev/demo; 10.100.0.0/17 is free");
    }

    [Fact]
    public void Validate_OverlapWithinTheSet_IsReportedOnce()
    {
        var result = Validate(Documents.Existing(), Documents.Cluster("{}", "a"), Documents.Cluster("{}", "b"));

        Texts(result).Should().Equal("spec.network.cidr: 10.99.0.0/16 overlaps 10.99.0.0/16 of cluster dev/a; 10.100.0.0/16 is free");
    }

    [Theory]
    [InlineData("10.1.0.0/17", "10.1.128.0/17", "10.1.0.0/16", "c:a")]
    [InlineData("10.1.0.0/16", "10.1.128.0/17", "10.1.0.0/18", "b:a c:a")]
    [InlineData("10.1.0.0/18", "10.1.128.0/17", "10.1.64.0/18", "")]
    [InlineData("10.1.0.0/20", "10.1.0.0/16", "10.1.16.0/20", "b:a c:b")]
    public void Validate_RangesThatHoldEachOther_ReportsEveryLaterOne(string a, string b, string c, string clashes)
    {
        string[] documents = [.. new[] { (a, "a"), (b, "b"), (c, "c") }.Select(r => Documents.Cluster($"{{ network: {{ cidr: {r.Item1} }} }}", r.Item2))];

        var result = ManifestValidator.Validate(ManifestReader.Read([.. documents.Index().Select(d => new ManifestFile($"{(char)('a' + d.Index)}", d.Item))]), Documents.Existing());

        string.Join(' ', result.Problems.Select(p => $"{p.File}:{p.Message.Split(" of cluster dev/")[1][0]}")).Should().Be(clashes);
    }

    [Fact]
    public void Validate_OverlappingEdges_AreRefused()
    {
        var one = Documents.EnvironmentWith("{ provider: laptop, edge: { ports: 21000-21031 } }");
        var two = one.Replace("name: dev", "name: test", StringComparison.Ordinal).Replace("21000-", "21020-", StringComparison.Ordinal);

        Texts(Validate(Documents.Existing(), one, two)).Should().Equal("spec.edge.ports: 21020-21031 overlaps 21000-21031 of environment dev; choose other ports or leave edge out");
    }

    [Fact]
    public void Validate_SpokeWithoutHub_IsRefused()
    {
        const string Spoke = "{ type: multi, kubernetes: {}, network: { cidr: 10.98.0.0/16 } }";
        var hub = Documents.ReadCluster("{ type: hub }", "hub");

        Texts(Validate(Documents.Existing(), Documents.Cluster(Spoke))).Single().Should().StartWith("spec.type: is multi, but environment dev has no hub");
        Validate(Documents.Existing(hub), Documents.Cluster(Spoke)).IsValid.Should().BeTrue();
        Validate(Documents.Existing(), Documents.Cluster(Spoke), Documents.Cluster("{ type: hub }", "hub")).IsValid.Should().BeTrue();
    }

    [Fact]
    public void Validate_KubernetesSpokeOfAHubWithoutVault_IsRefused_AndAnEtcdClusterIsNot()
    {
        var hub = Documents.ReadCluster("{ type: hub, instancePools: [ { name: bastion, role: bastion } ] }", "hub");

        Texts(Validate(Documents.Existing(hub), Documents.Cluster("{ type: multi, kubernetes: {}, network: { cidr: 10.98.0.0/16 } }"))).Single()
            .Should().StartWith("spec.kubernetes: needs a vault for its certificates, and the hub has none");
        Validate(Documents.Existing(hub), Documents.Cluster("{ type: multi, network: { cidr: 10.98.0.0/16 } }")).IsValid.Should().BeTrue();
    }

    [Fact]
    public void Validate_SpokeOutsideTheHubsZones_IsRefused()
    {
        var hub = Documents.ReadCluster("{ type: hub }", "hub");
        var spoke = Documents.Cluster("{ type: multi, kubernetes: {}, network: { cidr: 10.98.0.0/16 }, instancePools: [ { name: etcd, role: etcd, zones: [ b ] }, { name: m, role: master }, { name: w, role: worker } ] }");

        Texts(Validate(Documents.Existing(hub), spoke)).Should().Equal("spec.instancePools: name zone b, where the hub is not; a spoke's zones are among its hub's: a");
    }

    public static TheoryData<string, string> RefusedChanges() => new()
    {
        { "{ network: { cidr: 10.98.0.0/16 } }", "spec.network.cidr: changes from 10.99.0.0/16 to 10.98.0.0/16, which a live cluster cannot; keep 10.99.0.0/16, or declare a cluster of another name" },
        { "{ network: { pods: 10.98.0.0/16 } }", "spec.network.pods: changes from 100.64.0.0/16 to 10.98.0.0/16, which a live cluster cannot; keep 100.64.0.0/16, or declare a cluster of another name" },
        { Documents.Pools("{ name: etcd, role: bastion }", "{ name: bastion, role: etcd }"), "spec.instancePools[0].role: changes from etcd to bastion; a pool keeps its role, add a pool of another name" },
        { Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, volumes: [ { name: data, sizeGiB: 4 } ] }"), "spec.instancePools[1].volumes[0].sizeGiB: shrinks volume data from 5 to 4 GiB; volumes only grow, write at least 5" },
        { Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, volumes: [ { name: data, sizeGiB: 5, class: hdd } ] }"), "spec.instancePools[1].volumes[0].class: changes the class of volume data, which would lose its data; keep ssd, or add a volume of another name" },
        { Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, zones: [ a, b ] }"), "spec.instancePools[1].zones: would move etcd-1 to another zone, and stateful machines and their volumes stay where they are; keep the zones' order and add new ones at the end of the last pool" },
    };

    [Theory]
    [MemberData(nameof(RefusedChanges))]
    public void Validate_ChangeALiveClusterCannotMake_IsRefused(string spec, string problem)
    {
        var result = Validate(Documents.Existing(Live), Documents.Cluster(spec));

        Texts(result).Should().Contain(problem);
    }

    [Fact]
    public void Validate_GrowingEtcdAndVolumes_IsAllowed()
    {
        var result = Validate(
            Documents.Existing(Live),
            Documents.Cluster(Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, count: 5, volumes: [ { name: data, sizeGiB: 6 } ] }")));

        result.Problems.Should().BeEmpty();
        result.RequiredConsents.Should().BeEmpty();
    }

    [Theory]
    [InlineData("{ name: etcd, role: etcd, count: 1 }", "Shrinking pool etcd from 3 to 1 gives up machines; these volumes would be deleted with their data: etcd-1/data, etcd-2/data.")]
    [InlineData("{ name: etcd, role: etcd, count: 1, deletionPolicy: Retain }", "Shrinking pool etcd from 3 to 1 gives up machines; these volumes would be detached and kept: etcd-1/data, etcd-2/data.")]
    [InlineData("{ name: store, role: etcd }", "Renaming pool etcd to store makes new machines and gives up the old; these volumes would be deleted with their data: etcd-0/data, etcd-1/data, etcd-2/data.")]
    public void Validate_GivingUpDataVolumes_NeedsConsent(string pool, string reason)
    {
        var result = Validate(Documents.Existing(Live), Documents.Cluster(Documents.Pools("{ name: bastion, role: bastion }", pool)));

        result.Problems.Should().BeEmpty();
        var consent = result.RequiredConsents.Should().ContainSingle().Subject;
        consent.Reason.Should().Be(reason);
        consent.Name.Should().Be("dev/demo/etcd");
        consent.IsGivenBy([]).Should().BeFalse();
        consent.IsGivenBy(["dev/other/etcd", "dev/demo/etcd-1/data"]).Should().BeFalse();
        consent.IsGivenBy(["dev/demo/etcd"]).Should().BeTrue();
        consent.IsGivenBy(["all"]).Should().BeTrue();
        consent.IsGivenBy([.. consent.Volumes.Select(v => "dev/demo/" + v)]).Should().BeTrue();
    }

    [Fact]
    public void Validate_ShrinkingABastion_NeedsNoConsent()
    {
        var two = Documents.ReadCluster(Documents.Pools("{ name: bastion, role: bastion, count: 2 }", "{ name: etcd, role: etcd }"));

        var result = Validate(Documents.Existing(two), Documents.Cluster("{}"));

        result.IsValid.Should().BeTrue();
        result.RequiredConsents.Should().BeEmpty();
    }

    [Theory]
    [InlineData("{ provider: other }", "spec.provider: changes from laptop to other while cluster dev/demo lives in the environment; keep it, or delete its clusters first")]
    [InlineData("{ provider: laptop, location: there }", "spec.location: changes from nothing to there while cluster dev/demo lives in the environment; keep it, or delete its clusters first")]
    [InlineData("{ provider: laptop, dns: { privateZone: a.b } }", "spec.dns.privateZone: changes from tarmak.local to a.b while cluster dev/demo lives in the environment; keep it, or delete its clusters first")]
    public void Validate_ChangingWhatClustersStandOn_IsRefused(string spec, string problem)
    {
        var other = Documents.Provider.Replace("laptop", "other", StringComparison.Ordinal);

        Texts(Validate(Documents.Existing(Live), other, Documents.EnvironmentWith(spec))).Should().Equal(problem);
    }

    [Fact]
    public void Validate_ChangingTheTypeOfAProviderInUse_IsRefused()
    {
        Texts(Validate(Documents.Existing(), Documents.ProviderWith("{ type: aws }")))
            .Should().Equal("spec.type: changes from container to aws while environment dev uses the provider; declare a provider of another name");
    }

    private static ManifestValidation Validate(ExistingResources existing, params string[] documents) =>
        ManifestValidator.Validate(Documents.Read(documents), existing);

    private static IEnumerable<string> Texts(ManifestValidation validation) => validation.Problems.Select(p => $"{p.Path}: {p.Message}");
}
