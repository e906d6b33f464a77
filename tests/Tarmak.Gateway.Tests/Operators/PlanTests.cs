using Grpc.Core;
using Tarmak.Gateway.Tests.Hosting;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.PlannedChange.Types.Action;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class PlanTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_NewCluster_ListsEverythingInOrderAndChangesNothing()
    {
        var plan = await engine.Client.PlanAsync(Request(Manifests.Provider("fresh") + Manifests.Environment("planone", "fresh") + Manifests.Cluster("planone")), cancellationToken: Token);

        plan.Changes.Should().OnlyContain(c => c.Action == Action.Create);
        var keys = plan.Changes.Select(c => c.Key).ToList();
        keys[..2].Should().Equal("fresh", "planone");
        keys.Should().Contain(["planone#edge/edge", "planone/demo#network/main", "planone/demo/etcd/2#volume/data", "planone/demo/etcd/2#machine/main", "planone/demo/etcd/0#load-balancer-target/main"]);
        keys.IndexOf("planone/demo#network/main").Should().BeLessThan(keys.IndexOf("planone/demo/etcd/0"));
        keys.IndexOf("planone/demo/etcd/0#volume/data").Should().BeLessThan(keys.IndexOf("planone/demo/etcd/0#machine/main"));
        (await engine.Client.ListAsync(new V1.ListRequest { Environment = "planone" }, cancellationToken: Token)).Resources.Should().BeEmpty();
        (await engine.Client.ListAsync(new V1.ListRequest { Kind = "providers", Name = "fresh" }, cancellationToken: Token)).Resources.Should().BeEmpty();
    }

    [Fact]
    public async Task Plan_WhatIsThereAlready_IsEmpty()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("plantwo")), cancellationToken: Token);

        var plan = await engine.Client.PlanAsync(Request(Manifests.All("plantwo")), cancellationToken: Token);

        plan.Changes.Should().BeEmpty();
        plan.Consents.Should().BeEmpty();
    }

    [Fact]
    public async Task Plan_OtherSize_ReplacesTheMachinesAndNamesTheField()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("planthree")), cancellationToken: Token);

        var plan = await engine.Client.PlanAsync(Request(Manifests.Cluster("planthree", size: "medium")), cancellationToken: Token);

        var cluster = plan.Changes.Single(c => c.Kind == "cluster");
        cluster.Action.Should().Be(Action.Change);
        cluster.Fields.Should().ContainSingle().Which.Path.Should().Be("spec.instancePools[etcd].size");
        plan.Changes.Where(c => c.Kind == "instance").Select(c => (c.Key, c.Action)).Should().Equal(
            ("planthree/demo/etcd/0", Action.Replace), ("planthree/demo/etcd/1", Action.Replace), ("planthree/demo/etcd/2", Action.Replace));
    }

    [Fact]
    public async Task Plan_RenamedPool_DeletesTheOldAndAsksForConsent()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("planfour")), cancellationToken: Token);

        var plan = await engine.Client.PlanAsync(
            Request(Manifests.Cluster("planfour").Replace("name: etcd,", "name: store,", StringComparison.Ordinal)), cancellationToken: Token);

        plan.Consents.Should().Equal("planfour/demo/etcd");
        plan.Changes.Where(c => c.Action == Action.Delete).Select(c => c.Key).Should().Contain(["planfour/demo/etcd", "planfour/demo/etcd/1#volume/data"]);
        plan.Changes.Where(c => c.Action == Action.Create).Select(c => c.Key).Should().Contain("planfour/demo/store/0#machine/main");
    }

    [Fact]
    public async Task Plan_OnlyLabelsAndAnnotations_AreChangesAsForApply()
    {
        var set = Manifests.Provider("planmarks") + Manifests.Environment("planfive", "planmarks") + Manifests.Cluster("planfive");
        await engine.Client.ApplyAsync(Manifests.Apply(set), cancellationToken: Token);
        var marked = set.Replace("metadata: {", "metadata: { labels: { team: blue }, annotations: { note: n },", StringComparison.Ordinal);

        var plan = await engine.Client.PlanAsync(Request(marked), cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(marked), cancellationToken: Token);
        var again = await engine.Client.PlanAsync(Request(marked), cancellationToken: Token);

        plan.Changes.Select(c => (c.Kind, c.Key, c.Action)).Should().Equal(
            ("provider", "planmarks", Action.Change), ("environment", "planfive", Action.Change), ("cluster", "planfive/demo", Action.Change));
        plan.Changes.Should().OnlyContain(c => c.Fields.Count == 2 && c.Fields[0].Path == "metadata.labels[team]" && c.Fields[0].To == "\"blue\"");
        again.Changes.Should().BeEmpty();
    }

    [Fact]
    public async Task Plan_BadManifest_IsRefused()
    {
        var act = async () => await engine.Client.PlanAsync(Request("kind: Nothing"), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.InvalidArgument);
    }

    private static V1.PlanRequest Request(string content) => new() { Files = { Manifests.File(content) } };
}
