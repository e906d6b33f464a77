using System.Diagnostics;
using System.Text;
using CsCheck;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void Read_Quickstart_YieldsItsThreeDocuments()
    {
        var result = Documents.Read(File.ReadAllText(Path.Combine(Documents.Root(), "docs/examples/quickstart.yaml")));

        result.Problems.Should().BeEmpty();
        result.All.Select(m => m.Key.ToString()).Should().Equal("provider laptop", "environment dev", "cluster dev/demo");
        var spec = result.Clusters[0].Manifest.Spec;
        spec.Kubernetes.Should().BeNull();
        spec.Network.Should().Be(new ClusterNetwork());
        spec.InstancePools.Should().Equal(InstancePoolSpec.Default(PoolRole.Bastion), InstancePoolSpec.Default(PoolRole.Etcd));
    }

    [Fact]
    public void Read_EveryExample_IsValid()
    {
        var files = Directory.GetFiles(Path.Combine(Documents.Root(), "docs/examples"), "*.yaml");

        files.Should().NotBeEmpty();
        foreach (var file in files)
        {
            var result = ManifestReader.Read([new ManifestFile(file, File.ReadAllText(file))]);
            ManifestValidator.Validate(result, ExistingResources.None).Problems.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("{}", "bastion:1 etcd:3")]
    [InlineData("{ kubernetes: {} }", "bastion:1 vault:3 etcd:3 master:1 worker:3")]
    [InlineData("{ type: multi, kubernetes: { version: 1.25 } }", "etcd:3 master:1 worker:3")]
    [InlineData("{ type: multi }", "etcd:3")]
    public void Read_ClusterWithoutPools_TakesThePoolsOfItsType(string spec, string pools)
    {
        var cluster = Documents.ReadCluster(spec);

        string.Join(' ', cluster.Spec.InstancePools.Select(p => $"{p.Name}:{p.Max}")).Should().Be(pools);
    }

    [Fact]
    public void Read_Hub_HasBastionAndVault()
    {
        var hub = Documents.ReadCluster("{ type: hub }", "hub");

        hub.Spec.InstancePools.Select(p => p.Role).Should().Equal(PoolRole.Bastion, PoolRole.Vault);
    }

    [Theory]
    [InlineData("{ name: etcd, role: etcd }", 3, 3, "small", "data:5")]
    [InlineData("{ name: etcd, role: etcd, min: 5 }", 5, 5, "small", "data:5")]
    [InlineData("{ name: etcd, role: etcd, max: 1, size: m5.large }", 1, 1, "m5.large", "data:5")]
    [InlineData("{ name: etcd, role: etcd, volumes: [ { name: data, sizeGiB: 20 } ] }", 3, 3, "small", "data:20")]
    [InlineData("{ name: etcd, role: etcd, volumes: [ { name: logs, sizeGiB: 1 } ] }", 3, 3, "small", "data:5 logs:1")]
    public void Read_EtcdPool_TakesDefaultsOfItsRole(string pool, int min, int max, string size, string volumes)
    {
        var etcd = Documents.ReadCluster(Documents.Pools("{ name: bastion, role: bastion }", pool)).Spec.Pool("etcd")!;

        (etcd.Min, etcd.Max, etcd.Size).Should().Be((min, max, size));
        string.Join(' ', etcd.Volumes.Select(v => $"{v.Name}:{v.SizeGiB}")).Should().Be(volumes);
        etcd.RootVolume.Should().Be(new RootVolume { SizeGiB = 16, Class = VolumeClass.Ssd });
        etcd.DeletionPolicy.Should().Be(DeletionPolicy.Delete);
    }

    public static TheoryData<string, string> ClusterProblems() => new()
    {
        { "{ tpye: single }", "4:9: spec.tpye: is not a known field; did you mean type?" },
        { "{ zzzzzzzz: 1 }", "4:9: spec.zzzzzzzz: is not a known field; known here: type, paused, network, kubernetes, instancePools, repositories" },
        { "{ type: singel }", "4:15: spec.type: must be one of single, hub, multi, not 'singel'; did you mean single?" },
        { "{ paused: yes }", "4:17: spec.paused: must be true or false, not yes" },
        { "{ paused: true, paused: true }", "4:23: spec.paused: is written twice; keep one" },
        { "{ network: [] }", "4:18: spec.network: must be a mapping of fields, not a list" },
        { "{ network: { cidr: 10.99.1.0/16 } }", "4:26: spec.network.cidr: is an address inside its range; the range is written 10.99.0.0/16" },
        { "{ network: { cidr: 010.99.0.0/16 } }", "4:26: spec.network.cidr: is not an IPv4 CIDR; write it as 10.99.0.0/16" },
        { "{ network: { cidr: 10.0.0.0/8 } }", "4:26: spec.network.cidr: is a /8; a cluster needs a /16 to /20, as 10.99.0.0/16" },
        { "{ network: { cidr: 127.0.0.0/16 } }", "4:26: spec.network.cidr: 127.0.0.0/16 holds addresses machines cannot have (loopback, link-local, multicast); use a private range, as 10.99.0.0/16" },
        { "{ network: { pods: 10.99.0.0/16 } }", "4:26: spec.network.pods: 10.99.0.0/16 overlaps cidr 10.99.0.0/16; 10.100.0.0/16 is free" },
        { "{ password: hunter2 }", "4:9: spec.password: is a credential, and manifests never hold one; name where it is kept instead, in the provider's spec: credentialsFrom: { file: PATH }, { env: NAME } or { secretStore: PATH }" },
        { "{ type: hub }", "3:19: metadata.name: must be hub for a cluster of type hub" },
        { "{ type: multi, instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd } ] }", "4:62: spec.instancePools[0].role: is bastion, but a cluster of type multi without kubernetes (an etcd cluster) has only etcd; leave the pool out" },
        { "{ instancePools: [ { name: etcd, role: etcd } ] }", "4:24: spec.instancePools: a cluster without kubernetes (an etcd cluster with a bastion) needs a pool of role bastion; add { name: bastion, role: bastion }" },
        { "{ instancePools: [ { name: etcd } ] }", "4:26: spec.instancePools[0].role: is missing; it is required: what its machines are" },
        { "{ instancePools: bastion }", "4:24: spec.instancePools: must be a list, not a plain value" },
    };

    [Theory]
    [MemberData(nameof(ClusterProblems))]
    public void Read_WrongCluster_SaysWhereAndWhatWouldBeRight(string spec, string problem)
    {
        var result = Documents.Read(Documents.Cluster(spec));

        result.Problems.Select(p => p.ToString()).Should().Equal("test.yaml:" + problem);
        result.Clusters.Should().BeEmpty();
        result.Invalid.Should().Equal(new ResourceKey(ManifestKind.Cluster, "dev", "demo"));
    }

    public static TheoryData<string, string> PoolProblems() => new()
    {
        { "{ name: etcd, role: etcd, count: 4 }", "spec.instancePools[1].count: has 4 machines, but etcd needs an odd number to keep a majority; write 3 or 5" },
        { "{ name: etcd, role: etcd, count: 11 }", "spec.instancePools[1].count: has 11 machines; one etcd pool has at most 9" },
        { "{ name: etcd, role: etcd, count: 0 }", "spec.instancePools[1].count: has no machines; write a count of at least 1 or leave the pool out" },
        { "{ name: etcd, role: etcd, min: 1, max: 3 }", "spec.instancePools[1].max: has min 1 and max 3, but etcd pools are stateful and of fixed size; write count: 3" },
        { "{ name: etcd, role: etcd, min: 3, max: 1 }", "spec.instancePools[1].max: has min 3 above max 1; min must not be above max" },
        { "{ name: etcd, role: etcd, count: 3, min: 3 }", "spec.instancePools[1].count: stands beside min or max; write either count or the two" },
        { "{ name: etcd, role: etcd, count: three }", "spec.instancePools[1].count: must be a whole number from 0 to 5000, not three" },
        { "{ name: etcd, role: etcd, count: \"3\" }", "spec.instancePools[1].count: must be a whole number from 0 to 5000, not the text \"3\" (leave the quotes out)" },
        { "{ name: etcd, role: etcd, spotPrice: 0.1 }", "spec.instancePools[1].spotPrice: is for stateless pools (master, worker) only, because spot machines may go at any time; leave it out of etcd pools" },
        { "{ name: etcd, role: etcd, spotPrice: -1 }", "spec.instancePools[1].spotPrice: must be a price an hour above 0, as 0.05, not -1" },
        { "{ name: bastion, role: etcd }", "spec.instancePools[1].name: is bastion a second time; pool names are unique in a cluster" },
        { "{ name: etcd-1, role: etcd }", "spec.instancePools[1].name: is etcd-1, which is how machine 1 of pool etcd is called; write it as etcd1" },
        { "{ name: Etcd, role: etcd }", "spec.instancePools[1].name: may hold only a-z, 0-9 and -, beginning with a letter and not ending with -, as etcd" },
        { "{ name: etcd, role: etcd, size: \"\" }", "spec.instancePools[1].size: is empty; write a value or leave the field out" },
        { "{ name: etcd, role: etcd, zones: [ a, a ] }", "spec.instancePools[1].zones[1]: is a a second time; keep one" },
        { "{ name: etcd, role: etcd, volumes: [ { name: x, sizeGiB: 1 }, { name: x, sizeGiB: 1 } ] }", "spec.instancePools[1].volumes[2].name: is x a second time; volume names are unique in a pool" },
        { "{ name: etcd, role: etcd, volumes: [ { name: x } ] }", "spec.instancePools[1].volumes[0].sizeGiB: is missing; it is required: size in GiB" },
        { "{ name: etcd, role: etcd, deletionPolicy: delete }", "spec.instancePools[1].deletionPolicy: must be one of Delete, Retain, not 'delete'; did you mean Delete?" },
        { "{ name: etcd, role: etcd, labels: { \"a b\": c } }", "spec.instancePools[1].labels.a b: is not a label's key; write it as team or example.com/team" },
        { "{ name: etcd, role: etcd, taints: [ { key: a, effect: No } ] }", "spec.instancePools[1].taints[0].effect: must be one of NoSchedule, PreferNoSchedule, NoExecute, not 'No'" },
        { "{ name: etcd, role: etcd }, { name: w, role: worker }", "spec.instancePools[2].role: is worker, but a cluster without kubernetes (an etcd cluster with a bastion) has only bastion, etcd; leave the pool out or add a kubernetes section" },
        { "{ name: etcd, role: etcd }, { name: more, role: etcd }", "spec.instancePools[2].role: is etcd a second time; a cluster has one etcd pool" },
    };

    [Theory]
    [MemberData(nameof(PoolProblems))]
    public void Read_WrongPool_SaysWhatWouldBeRight(string pool, string problem)
    {
        var result = Documents.Read(Documents.Cluster(Documents.Pools("{ name: bastion, role: bastion }", pool)));

        result.Problems.Select(p => $"{p.Path}: {p.Message}").Should().Equal(problem);
    }

    [Theory]
    [InlineData("{ type: container, token: hunter2 }", "spec.token: is a credential")]
    [InlineData("{ type: container, secret_key: hunter2 }", "spec.secret_key: is a credential")]
    [InlineData("{ type: container, accessKeyId: hunter2 }", "spec.accessKeyId: is a credential")]
    [InlineData("{ type: container, credentialsFrom: { password: hunter2, file: f } }", "spec.credentialsFrom.password: is a credential")]
    [InlineData("{ type: container, credentialsFrom: {} }", "spec.credentialsFrom: must name exactly one of file, env and secretStore")]
    [InlineData("{ type: container, credentialsFrom: { file: a, env: B } }", "spec.credentialsFrom: must name exactly one of file, env and secretStore")]
    [InlineData("{ type: container, host: 'tcp://me:hunter2@there:1' }", "spec.host: holds a user or password")]
    [InlineData("{ type: rfc2136, server: 'me:hunter2@ns1' }", "spec.server: is not the address of a server")]
    [InlineData("{ type: s3, server: 'https://me:hunter2@s3.example.test' }", "spec.server: is not the address of a server")]
    [InlineData("{ type: s3, server: 'https://s3.example.test/path' }", "spec.server: is not the address of a server")]
    [InlineData("{ type: s3, server: 'ftp://s3.example.test' }", "spec.server: is not the address of a server")]
    [InlineData("{ type: s3, region: 'EU West' }", "spec.region: is not the name of a region")]
    [InlineData("{ type: container, host: nonsense }", "spec.host: is not the address of a Docker API")]
    [InlineData("{}", "spec.type: is missing")]
    public void Read_WrongProvider_SaysWhatIsWrongAndRepeatsNoSecret(string spec, string problem)
    {
        var result = Documents.Read(Documents.ProviderWith(spec));

        var only = result.Problems.Should().ContainSingle().Subject.ToString();
        only.Should().Contain(problem);
        only.Should().NotContain("hunter2");
    }

    [Theory]
    [InlineData("{ provider: laptop, overrides: { dsn: { provider: laptop } } }", "spec.overrides.dsn: is not a known field; did you mean dns?")]
    [InlineData("{ provider: laptop, overrides: { compute: { provider: laptop, zone: a.b } } }", "spec.overrides.compute.zone: is for dns only; leave it out")]
    [InlineData("{ provider: laptop, overrides: { dns: { provider: laptop } } }", "spec.overrides.dns.zone: is missing, and so is spec.dns.publicZone: dns is bound for names seen from outside; name the zone they are written in")]
    [InlineData("{ provider: laptop, dns: { publicZone: a.test }, overrides: { dns: { provider: laptop, bucket: b } } }", "spec.overrides.dns.bucket: is for objectStorage, state, configuration and backups only; leave it out")]
    [InlineData("{ provider: laptop, edge: { ports: 21000-21010 } }", "spec.edge.ports: holds 11 ports; an edge needs at least 12, as 21000-21031")]
    [InlineData("{ provider: laptop, edge: { ports: 80-1000 } }", "spec.edge.ports: holds ports below 1024, which only root may bind; write it as 21000-21031")]
    [InlineData("{ provider: laptop, edge: { ports: 22-x } }", "spec.edge.ports: is not a range of ports; write it as 21000-21031")]
    [InlineData("{ provider: laptop, adminCIDRs: [ home ] }", "spec.adminCIDRs[0]: is not an IPv4 CIDR; write it as 10.99.0.0/16")]
    [InlineData("{ provider: laptop, dns: { publicZone: Example.Test. } }", "spec.dns.publicZone: is not a DNS zone; write it in lower case without a final dot, as dev.example.test")]
    [InlineData("{ provider: laptop, dns: { publicZone: tarmak.local } }", "spec.dns.privateZone: is the same as publicZone; the two need different names")]
    [InlineData("{}", "spec.provider: is missing; it is required: name of the provider that serves every capability not overridden")]
    public void Read_WrongEnvironment_SaysWhatWouldBeRight(string spec, string problem)
    {
        var result = Documents.Read(Documents.EnvironmentWith(spec));

        result.Problems.Select(p => $"{p.Path}: {p.Message}").Should().Equal(problem);
    }

    [Theory]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("a: *b", "alias of an anchor")]
    [InlineData("- a", "a document must be a mapping")]
    [InlineData("apiVersion: tarmak.io/v1alpha1", "kind: is missing; write one of Provider, Environment, Cluster")]
    [InlineData("kind: Clutser", "did you mean Cluster?")]
    [InlineData("{ apiVersion: v1, kind: Provider, metadata: { name: a }, spec: { type: container } }", "apiVersion: must be tarmak.io/v1alpha1, not 'v1'")]
    [InlineData("{ apiVersion: tarmak.io/v1alpha1, kind: Cluster, metadata: { name: My-Cluster, environment: dev } }", "metadata.name: may hold only a-z and 0-9, as demo")]
    [InlineData("{ apiVersion: tarmak.io/v1alpha1, kind: Provider, spec: { type: container } }", "metadata: is missing")]
    [InlineData("a: !!python/object x", "a YAML tag")]
    [InlineData("? [ a ]\n: b", "the name of a field must be plain text")]
    public void Read_WrongDocument_SaysSo(string text, string problem)
    {
        var result = Documents.Read(text);

        result.Problems.Should().ContainSingle().Which.ToString().Should().Contain(problem).And.StartWith("test.yaml:");
    }

    [Fact]
    public void Read_ManyMistakes_ReportsAllWithTheirFiles()
    {
        var result = ManifestReader.Read(
        [
            new ManifestFile("a.yaml", Documents.Cluster("{ tpye: single, paused: 3, instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, count: 2 } ] }")),
            new ManifestFile("b.yaml", Documents.ProviderWith("{ type: container, hots: x }") + "---\n{"),
        ]);

        result.Problems.Select(p => $"{p.File} {p.Path}").Should().Equal(
            "a.yaml spec.tpye", "a.yaml spec.paused", "a.yaml spec.instancePools[1].count", "b.yaml spec.hots", "b.yaml ");
    }

    [Fact]
    public void Read_DocumentWithHoles_StillSaysWhatIsWrongWithItsParts()
    {
        var result = Documents.Read(Documents.Cluster(
            "{ type: singel, network: { cidr: 10.0.0.0/8 }, instancePools: [ { name: etcd }, 3, { name: etcd, role: etcd, count: 4 }, { name: etcd, role: etcd, volumes: [ { name: x } ] }, { name: b, role: bastion, count: 1, min: 1 } ] }"));

        result.Problems.Select(p => p.Path).Should().BeEquivalentTo(
            "spec.type", "spec.network.cidr", "spec.instancePools[0].role", "spec.instancePools[1]", "spec.instancePools[2].count",
            "spec.instancePools[3].volumes[0].sizeGiB", "spec.instancePools[4].count");
        result.Problems.Should().Contain(p => p.Message.Contains("odd number", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_RangeThatCannotBeRead_IsNotComparedByItsDefault()
    {
        var result = Documents.Read(Documents.Cluster("{ network: { cidr: 10.98.1.0/16, pods: 10.99.0.0/16 } }"));

        result.Problems.Should().ContainSingle().Which.Path.Should().Be("spec.network.cidr");
    }

    [Theory]
    [InlineData("aws_secret_access_key")]
    [InlineData("aws-access-key-id")]
    [InlineData("api_key_id")]
    [InlineData("dbPassword")]
    [InlineData("sessionToken")]
    [InlineData("client_secret")]
    [InlineData("key")]
    public void Read_FieldNamedAsACredential_IsToldAsOne(string name)
    {
        var result = Documents.Read(Documents.ProviderWith($"{{ type: container, {name}: hunter2 }}"));

        result.Problems.Should().ContainSingle().Which.Message.Should().StartWith("is a credential").And.NotContain("hunter2");
    }

    [Fact]
    public void Read_ServerFields_AreIgnoredButTheVersionIsKept()
    {
        var result = Documents.Read(
            "apiVersion: tarmak.io/v1alpha1\nkind: Provider\nmetadata: { name: laptop, uid: u, generation: 3, resourceVersion: '9' }\nspec: { type: container }\nstatus: { phase: Ready, conditions: [ { a: b } ] }\n");

        result.Problems.Should().BeEmpty();
        result.Providers[0].Manifest.Should().Be(new ProviderManifest(
            new ManifestMetadata { Name = "laptop", ResourceVersion = "9" }, new ProviderSpec { Type = "container" }));
    }

    [Fact]
    public void Read_ModestAlias_IsWrittenOut()
    {
        var cluster = Documents.ReadCluster("{ instancePools: [ { name: bastion, role: bastion, labels: &l { team: a } }, { name: etcd, role: etcd, labels: *l } ] }");

        cluster.Spec.Pool("etcd")!.Labels.Should().Contain("team", "a");
    }

    public static TheoryData<string, string, string> HostileTexts()
    {
        var laughs = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        var chain = new StringBuilder("a0: &a0 [x]\n");
        for (var i = 1; i <= 1000; i++)
        {
            laughs.Append($"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
            chain.Append($"a{i}: &a{i} [*a{i - 1}]\n");
        }

        var nested = string.Concat(Enumerable.Range(0, 1000).Select(i => $"&a{i} ["));
        return new()
        {
            { "laughs", laughs.ToString(), "alias that makes the manifests too big" },
            { "chain", chain.ToString(), "alias that makes the manifests too big" },
            { "nested anchors", nested, "nested more than 64 levels deep" },
            { "brackets", new string('[', 1_000_000), "nested more than 64 levels deep" },
            { "braces", new string('{', 1_000_000), "the name of a field must be plain text" },
            { "dashes", string.Concat(Enumerable.Repeat("- ", 500_000)), "nested more than 64 levels deep" },
            { "large", new string('#', ManifestReader.MostBytes + 1), "larger than 1 MiB; split it" },
            { "four megabytes of clusters", Many(4_000_000), "larger than 1 MiB; split it" },
            { "self", "a: &a [*a]", "alias of an anchor" },
        };
    }

    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Read_HostileText_IsRefusedInOneSentenceAndSoon(string name, string text, string problem)
    {
        var watch = Stopwatch.StartNew();

        var result = ManifestReader.Read([new ManifestFile(name, text)]);

        result.Problems.Should().ContainSingle().Which.Message.Should().Contain(problem);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Read_MoreDocumentsThanOneRequestTakes_SaysWhichIsTooMany()
    {
        var result = ManifestReader.Read([new ManifestFile("many", Many(ManifestReader.MostBytes))]);

        var problem = result.Problems.Should().ContainSingle().Subject;
        problem.Message.Should().Be("document after the 1000th, and one request takes no more; apply them in several");
        problem.Line.Should().Be(5000);
        result.Clusters.Should().HaveCount(1000);
    }

    [Fact]
    public void Read_FilesThatHoldTooMuchTogether_NamesTheFirstThatIsTooMuch()
    {
        var comment = new string('#', ManifestReader.MostBytes);

        var result = ManifestReader.Read([.. Enumerable.Range(1, 5).Select(i => new ManifestFile($"{i}", comment))]);

        result.Problems.Should().ContainSingle().Which.ToString().Should().Be("5:1:1: the files up to this one hold more than 4 MiB, and one request takes no more; apply them in several");
    }

    [Fact]
    public void Read_AliasesOverManyDocuments_ShareOneBudget()
    {
        var document = "- &a [" + string.Join(',', Enumerable.Repeat("x", 200)) + "]\n- *a\n";

        var result = Documents.Read([.. Enumerable.Repeat(document, 100)]);

        result.Problems.Should().Contain(p => p.Message.Contains("alias that makes the manifests too big", StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_LargestRequestOfOverlappingClusters_ReportsEachOnceAndSoon()
    {
        var result = ManifestReader.Read([new ManifestFile("many", Many(100_000))]);
        var watch = Stopwatch.StartNew();

        var validation = ManifestValidator.Validate(result, Documents.Existing());

        result.Clusters.Should().HaveCountGreaterThan(800);
        validation.Problems.Should().HaveCount(result.Clusters.Count - 1);
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Read_LargestFileOfUnknownFields_ReportsEach()
    {
        var fields = new StringBuilder("kind: Cluster\n");
        while (fields.Length < ManifestReader.MostBytes - 8)
        {
            fields.Append("a: 1\n");
        }

        var result = ManifestReader.Read([new ManifestFile("fields", fields.ToString())]);

        result.Problems.Should().HaveCountGreaterThan(200_000);
    }

    private static string Many(int bytes)
    {
        var text = new StringBuilder(bytes);
        for (var i = 0; ; i++)
        {
            var document = $"apiVersion: tarmak.io/v1alpha1\nkind: Cluster\nmetadata: {{ name: c{i}, environment: dev }}\nspec: {{}}\n---\n";
            if (text.Length + document.Length > bytes)
            {
                return text.Append('#', bytes - text.Length).ToString();
            }

            text.Append(document);
        }
    }

    [Fact]
    public void Read_RandomText_NeverThrows()
    {
        var pieces = Pick(
            "apiVersion: tarmak.io/v1alpha1\n", "kind: Cluster\n", "kind: Provider\n", "kind: Environment\n", "metadata:", " { name: a, environment: b }\n", "spec:", " {", "}", "[", "]", "\n", "  ", "- ",
            "instancePools", ": ", ",", "name", "role", "etcd", "count", "3", "network", "cidr", "10.0.0.0/16", "&a ", "*a ", "!x ", "'", "\"", "|", ">", "---\n", "...\n", "%", "#", "\t", "?", "~", "null",
            "volumes", "zones", "labels", "kubernetes", "type", "hub", "\ud800", "\0", "\u2028", "😀", "\\u", "=", "<<", "@", "`", "\r");

        var noise = Gen.OneOf(pieces, pieces, pieces, Gen.String[0, 5]);

        noise.Array[0, 40].Select(string.Concat).Sample(text => ManifestReader.Read([new ManifestFile("x", text)]) is not null, iter: 10_000);
    }

    [Fact]
    public void Read_DamagedManifest_NeverThrows()
    {
        var good = File.ReadAllText(Path.Combine(Documents.Root(), "docs/examples/two-clusters.yaml"));

        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 12], Gen.OneOf(Gen.String[0, 6], Pick("{", "}", "[", ": ", "0", "null", "\n", "- ", "&a ", "*a")))
            .Array[1, 3]
            .Sample(
                edits =>
                {
                    var text = edits.Aggregate(good, (t, e) => Damage(t, e.Item1, e.Item2, e.Item3));
                    var result = ManifestReader.Read([new ManifestFile("x", text)]);
                    return ManifestValidator.Validate(result, Documents.Existing()).Problems.Count >= result.Problems.Count;
                },
                iter: 1_000);
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Damage(string text, int at, int length, string with)
    {
        var start = Math.Min(at, text.Length);
        return string.Concat(text.AsSpan(0, start), with, text.AsSpan(Math.Min(text.Length, start + length)));
    }
}
