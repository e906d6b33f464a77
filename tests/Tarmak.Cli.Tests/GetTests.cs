using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Tarmak.Model.Manifests;

namespace Tarmak.Cli.Tests;

public sealed class GetTests
{
    [Fact]
    public async Task Get_ClustersAsTable_PrintsAlignedColumns()
    {
        var cluster = Some.Resource("cluster", "dev/demo", "Provisioning", "waiting for pool etcd");
        (cluster.Ready, cluster.Total) = (2, 5);
        await using var engine = Listing(cluster);
        await engine.ListenAsync();
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Some.Now) };

        var exitCode = await cli.RunAsync("get", "clusters");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        cli.Out.Should().Be(
            """
            NAME       PHASE          READY   AGE   MESSAGE
            dev/demo   Provisioning   2/5     5m    waiting for pool etcd

            """);
    }

    [Fact]
    public async Task Get_InstanceMessageWithControlCharacters_PrintsThemAsSpaces()
    {
        await using var engine = Listing(Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "bad\u001b[2Jnews"));
        await engine.ListenAsync();
        var cli = new CliRun(engine) { Time = new FakeTimeProvider(Some.Now) };

        await cli.RunAsync("get", "instances");

        cli.Out.Should().Contain("dev/demo/etcd-0").And.Contain("bad [2Jnews");
    }

    [Fact]
    public async Task Get_OneClusterAsYaml_CanBeReadAsManifestAgain()
    {
        var read = ManifestReader.Read([new Tarmak.Model.Manifests.ManifestFile("f", Some.Quickstart)]);
        var manifest = read.Clusters.Single().Manifest;
        var cluster = Some.Resource("cluster", "dev/demo", "Ready");
        cluster.SpecJson = ManifestWriter.ToNode(manifest)["spec"]!.ToJsonString();
        await using var engine = Listing(cluster);
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("get", "clusters", "dev/demo", "-o", "yaml");

        exitCode.Should().Be(ExitCode.Done, cli.Error);
        var again = ManifestReader.Read([new Tarmak.Model.Manifests.ManifestFile("out", cli.Out)]);
        again.Problems.Should().BeEmpty();
        again.Clusters.Single().Manifest.Spec.Should().BeEquivalentTo(manifest.Spec);
        again.Clusters.Single().Manifest.Metadata.ResourceVersion.Should().Be("7");
    }

    [Theory]
    [InlineData("provider", "laptop")]
    [InlineData("environment", "dev")]
    [InlineData("cluster", "dev/demo")]
    public async Task Get_MarkedResourceAsYaml_IsTheSameManifestAgain(string kind, string key)
    {
        var marked = Some.Quickstart.Replace("metadata: {", "metadata: { labels: { team: blue }, annotations: { note: \"a: b\" },", StringComparison.Ordinal);
        var manifest = ManifestReader.Read([new Tarmak.Model.Manifests.ManifestFile("f", marked)]).All.Single(m => m.Key.ToString() == $"{kind} {key}");
        var resource = Some.Resource(kind, key, kind == "provider" ? "" : "Ready");
        resource.SpecJson = ManifestWriter.ToNode(manifest)["spec"]!.ToJsonString();
        resource.Labels.Add("team", "blue");
        resource.Annotations.Add("note", "a: b");
        await using var engine = Listing(resource);
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        await cli.RunAsync("get", kind + "s", key, "-o", "yaml");

        var again = ManifestReader.Read([new Tarmak.Model.Manifests.ManifestFile("out", cli.Out)]);
        again.Problems.Should().BeEmpty();
        var read = again.All.Single();
        ManifestWriter.ToNode(read)["spec"]!.ToJsonString().Should().Be(resource.SpecJson);
        read.Metadata.Labels.Should().BeEquivalentTo(manifest.Metadata.Labels);
        read.Metadata.Annotations.Should().BeEquivalentTo(manifest.Metadata.Annotations);
    }

    [Fact]
    public async Task Get_InstancesAsJson_IsAListOfObjects()
    {
        await using var engine = Listing(Some.Resource("instance", "dev/demo/etcd/0", "Ready"), Some.Resource("instance", "dev/demo/etcd/1", "Ready"));
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        await cli.RunAsync("get", "instances", "dev/demo", "-o", "json");

        var list = JsonNode.Parse(cli.Out)!;
        list["kind"]!.GetValue<string>().Should().Be("List");
        list["items"]!.AsArray().Select(i => i!["status"]!["phase"]!.GetValue<string>()).Should().Equal("Ready", "Ready");
        engine.Requests.OfType<ListRequest>().Single().Under.Should().Be("dev/demo");
    }

    [Fact]
    public async Task Get_OneInstanceByItsShownName_AsksForItsKey()
    {
        await using var engine = Listing(Some.Resource("instance", "dev/demo/etcd/0", "Ready"));
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        await cli.RunAsync("get", "instance", "dev/demo/etcd-0", "-o", "name");

        engine.Requests.OfType<ListRequest>().Single().Name.Should().Be("dev/demo/etcd/0");
        cli.Out.Should().Be("dev/demo/etcd-0\n");
    }

    [Fact]
    public async Task Get_OneThatIsNotThere_ExitsOne()
    {
        await using var engine = Listing();
        await engine.ListenAsync();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("get", "clusters", "dev/other");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: There is no cluster dev/other.\n");
    }

    [Fact]
    public async Task Get_NoEngineRuns_ExitsOneSayingHowToStartIt()
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync("get", "clusters");

        exitCode.Should().Be(ExitCode.Failed);
        cli.Error.Should().Be("tarmak: No engine runs; `tarmak up` starts it.\n");
    }

    [Theory]
    [InlineData("get", "things")]
    [InlineData("get", "clusters", "-o", "xml")]
    [InlineData("get", "clusters", "dev/demo/etcd")]
    [InlineData("get")]
    [InlineData("gte", "clusters")]
    public async Task Get_WrongUsage_ExitsTwo(params string[] args)
    {
        await using var engine = new FakeEngine();
        var cli = new CliRun(engine);

        var exitCode = await cli.RunAsync(args);

        exitCode.Should().Be(ExitCode.Usage);
        cli.Error.Should().StartWith("tarmak: ");
    }

    private static FakeEngine Listing(params Resource[] resources) =>
        new() { OnList = _ => new ListResponse { Resources = { resources } } };
}
