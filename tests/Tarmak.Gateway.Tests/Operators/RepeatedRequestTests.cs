using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Inventory;
using Tarmak.Machines;
using V1 = Tarmak.Api.V1;
using Action = Tarmak.Api.V1.DocumentResult.Types.Action;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class RepeatedRequestTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_Repeated_LeavesTheMachineAsItIs()
    {
        var request = Manifests.Apply(Manifests.All("repone"), "rep-1");
        var first = await engine.Client.ApplyAsync(request, cancellationToken: Token);
        var before = await RowAsync("repone");

        var second = await engine.Client.ApplyAsync(request, cancellationToken: Token);

        second.Documents.Should().Equal(first.Documents);
        (await RowAsync("repone")).Generation.Should().Be(before.Generation);
        (await AcceptedAsync("repone")).Should().Be((int)before.Generation);
    }

    [Fact]
    public async Task Apply_UnchangedRepeatedAfterSomebodysChange_KeepsThatChange()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("reptwo")), cancellationToken: Token);
        var unchanged = Manifests.Apply(Manifests.All("reptwo"), "rep-2");
        await engine.Client.ApplyAsync(unchanged, cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("reptwo", size: "medium")), cancellationToken: Token);

        var answer = await engine.Client.ApplyAsync(unchanged, cancellationToken: Token);

        answer.Documents.Should().OnlyContain(d => d.Action == Action.Unchanged);
        var plan = await engine.Client.PlanAsync(new V1.PlanRequest { Files = { Manifests.File(Manifests.Cluster("reptwo", size: "medium")) } }, cancellationToken: Token);
        plan.Changes.Should().BeEmpty("the change in between stands");
    }

    [Fact]
    public async Task Apply_ProviderRepeatedAfterSomebodysChange_KeepsThatChange()
    {
        var mine = Manifests.Apply(Manifests.Provider("repthree"), "rep-3");
        await engine.Client.ApplyAsync(mine, cancellationToken: Token);
        var theirs = Manifests.Provider("repthree").Replace("name: repthree", "name: repthree, labels: { by: them }", StringComparison.Ordinal);
        await engine.Client.ApplyAsync(Manifests.Apply(theirs), cancellationToken: Token);

        var answer = await engine.Client.ApplyAsync(mine, cancellationToken: Token);

        answer.Documents.Should().ContainSingle().Which.Action.Should().Be(Action.Created);
        (await ProviderAsync("repthree"))!.Labels["by"].Should().Be("them");
    }

    [Fact]
    public async Task Delete_ProviderRepeatedLate_SparesANewOneOfTheName()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("repfour")), cancellationToken: Token);
        var delete = new V1.DeleteRequest { RequestId = "rep-4", Kind = "provider", Name = "repfour" };
        var first = await engine.Client.DeleteAsync(delete, cancellationToken: Token);
        var gone = await engine.Client.DeleteAsync(delete, cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("repfour")), cancellationToken: Token);

        var late = await engine.Client.DeleteAsync(delete, cancellationToken: Token);

        gone.Documents.Should().Equal(first.Documents, "a retry is no question whether it is there");
        late.Documents.Should().Equal(first.Documents);
        (await ProviderAsync("repfour")).Should().NotBeNull();
    }

    [Fact]
    public async Task Delete_AbsentEnvironmentRepeatedLate_SparesWhatCameSince()
    {
        var delete = new V1.DeleteRequest { RequestId = "rep-5", Files = { Manifests.File(Manifests.Environment("repfive")) } };
        var first = await engine.Client.DeleteAsync(delete, cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("repfive")), cancellationToken: Token);

        var late = await engine.Client.DeleteAsync(delete, cancellationToken: Token);

        first.Documents.Should().ContainSingle().Which.Action.Should().Be(Action.Absent);
        late.Documents.Should().Equal(first.Documents);
        (await RowAsync("repfive")).Deleting.Should().BeFalse();
    }

    [Fact]
    public async Task Delete_ClusterRepeatedLate_SparesANewOneOfTheName()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("repsix")), cancellationToken: Token);
        var delete = new V1.DeleteRequest { RequestId = "rep-6", Kind = "cluster", Name = "repsix/demo", AllowDataLoss = { "all" } };
        var first = await engine.Client.DeleteAsync(delete, cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("repsix")), cancellationToken: Token);

        var late = await engine.Client.DeleteAsync(delete, cancellationToken: Token);

        late.Documents.Should().Equal(first.Documents);
        var same = await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("repsix")), cancellationToken: Token);
        same.Documents.Should().ContainSingle().Which.Action.Should().Be(Action.Unchanged);
    }

    [Fact]
    public async Task Delete_ByNameOfWhatWasNeverThere_IsNotFoundEachTime()
    {
        var act = async () => await engine.Client.DeleteAsync(
            new V1.DeleteRequest { RequestId = "rep-7", Kind = "environment", Name = "repseven" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.NotFound);
        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.NotFound);
    }

    private async Task<InventoryRow> RowAsync(string environment)
    {
        var query = new InventoryQuery(MachineKind.Environment, Key: environment);
        return (await engine.Services.GetRequiredService<IInventory>().ListAsync(query, Token)).Rows[0].Row;
    }

    private async Task<int> AcceptedAsync(string environment) =>
        await engine.Services.GetRequiredService<IInventory>().EventsAsync(environment, EventCursor.Start, follow: false, Token)
            .CountAsync(e => e.Address.Key == environment && e.Event.Reason == "Accepted", Token);

    private async Task<V1.Resource?> ProviderAsync(string name) =>
        (await engine.Client.ListAsync(new V1.ListRequest { Kind = "providers", Name = name }, cancellationToken: Token)).Resources.SingleOrDefault();
}
