using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Gateway.Tests.Agents.Engine;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Model.Resources;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class DeleteTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_ClusterWithDataWithoutConsent_IsRefusedAndNamesThePool()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("delone")), cancellationToken: Token);

        var act = async () => await engine.Client.DeleteAsync(new V1.DeleteRequest { Kind = "cluster", Name = "delone/demo" }, cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        refusal.Details<PreconditionFailure>().Violations.Select(v => v.Subject).Should().Equal("delone/demo/etcd");
    }

    [Fact]
    public async Task Delete_WholeSetWithConsent_GoesInReverseOrder()
    {
        var set = Manifests.Provider("leaving") + Manifests.Environment("deltwo", "leaving") + Manifests.Cluster("deltwo");
        await engine.Client.ApplyAsync(Manifests.Apply(set), cancellationToken: Token);

        var answer = await engine.Client.DeleteAsync(new V1.DeleteRequest { Files = { Manifests.File(set) }, AllowDataLoss = { "all" } }, cancellationToken: Token);

        answer.Documents.Select(d => (d.Kind, d.Key)).Should().Equal(("cluster", "deltwo/demo"), ("environment", "deltwo"), ("provider", "leaving"));
        answer.Documents.Should().OnlyContain(d => d.Action == V1.DocumentResult.Types.Action.Deleting);
    }

    [Fact]
    public async Task Delete_EnvironmentWithCluster_IsRefusedAndNamesIt()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("delthree")), cancellationToken: Token);

        var act = async () => await engine.Client.DeleteAsync(new V1.DeleteRequest { Kind = "environments", Name = "delthree" }, cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        refusal.Status.Detail.Should().Be("Environment delthree still has clusters: delthree/demo. Delete them first, or in the same command.");
    }

    [Fact]
    public async Task Delete_ProviderInUse_IsRefusedAndNamesTheEnvironment()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("kept") + Manifests.Environment("delfour", "kept")), cancellationToken: Token);

        var act = async () => await engine.Client.DeleteAsync(new V1.DeleteRequest { Kind = "provider", Name = "kept" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Be("Provider kept still has environments: delfour. Delete them first, or in the same command.");
    }

    [Theory]
    [InlineData("cluster", "no/such", StatusCode.NotFound)]
    [InlineData("cluster", "nonsense", StatusCode.InvalidArgument)]
    [InlineData("pool", "a/b/c", StatusCode.InvalidArgument)]
    [InlineData("", "a", StatusCode.InvalidArgument)]
    public async Task Delete_WhatCannotBeNamed_IsRefused(string kind, string name, StatusCode code)
    {
        var act = async () => await engine.Client.DeleteAsync(new V1.DeleteRequest { Kind = kind, Name = name }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(code);
    }

    [Fact]
    public async Task Delete_FilesOfWhatIsNotThere_ChangesNothing()
    {
        var answer = await engine.Client.DeleteAsync(new V1.DeleteRequest { Files = { Manifests.File(Manifests.Environment("never", "nobody")) } }, cancellationToken: Token);

        answer.Documents.Should().ContainSingle().Which.Action.Should().Be(V1.DocumentResult.Types.Action.Absent);
    }

    [Fact]
    public async Task Delete_ProviderThatIsStillBeingLeft_IsKeptInMindUntilItIsAppliedAgain()
    {
        var provider = Manifests.Provider("going");
        await engine.Client.ApplyAsync(Manifests.Apply(provider + Manifests.Environment("delfive", "going")), cancellationToken: Token);
        await engine.Client.DeleteAsync(new V1.DeleteRequest { Files = { Manifests.File(provider + Manifests.Environment("delfive", "going")) } }, cancellationToken: Token);
        (await StoredAsync("going")).Deleting.Should().BeTrue();

        var user = async () => await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Environment("delsix", "going")), cancellationToken: Token);

        (await user.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Be(
            "Provider going of environment delsix is being deleted; apply its manifest with the environment's, and it stays.");
        var again = await engine.Client.ApplyAsync(Manifests.Apply(provider + Manifests.Environment("delsix", "going")), cancellationToken: Token);
        again.Documents[0].Action.Should().Be(V1.DocumentResult.Types.Action.Changed);
        (await StoredAsync("going")).Deleting.Should().BeFalse();
    }

    [Fact]
    public async Task Delete_EnvironmentWithBackups_IsRefusedUntilTheyAreNamed()
    {
        var storage = await BackupsAsync("delseven");
        await storage.PutAsync("etcd/1", "kept"u8.ToArray(), null, Token);
        var request = new V1.DeleteRequest { Kind = "environment", Name = "delseven" };

        var act = async () => await engine.Client.DeleteAsync(request, cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.Status.Detail.Should().Be(
            "Data would be lost: Deleting environment delseven deletes its backups, 1 object. To go on, consent with --allow-data-loss delseven#bucket/backups.");
        refusal.Details<PreconditionFailure>().Violations.Select(v => v.Subject).Should().Equal("delseven#bucket/backups");
        request.AllowDataLoss.Add("delseven#bucket/backups");
        (await engine.Client.DeleteAsync(request, cancellationToken: Token)).Documents.Single().Action.Should().Be(V1.DocumentResult.Types.Action.Deleting);
        await GoneAsync("delseven");
    }

    [Fact]
    public async Task Delete_EnvironmentWithoutBackups_NeedsNoConsent()
    {
        await BackupsAsync("deleight");

        await engine.Client.DeleteAsync(new V1.DeleteRequest { Kind = "environment", Name = "deleight" }, cancellationToken: Token);

        await GoneAsync("deleight");
    }

    /// <summary>An environment whose bucket for backups is made.</summary>
    private async Task<MovingObjectStorage> BackupsAsync(string environment)
    {
        engine.Paper.Objects[$"{environment}-shelf"] = new MemoryObjectStorage();
        await engine.Client.ApplyAsync(
            Manifests.Apply(Manifests.Provider() + Manifests.Provider($"{environment}-shelf") + Manifests.Environment(environment).Replace(
                "provider: desk,", $"provider: desk, overrides: {{ backups: {{ provider: {environment}-shelf }} }},", StringComparison.Ordinal)),
            cancellationToken: Token);
        var storage = new MovingObjectStorage(
            environment, "backups", engine.Services.GetRequiredService<StoragePlaces>(), engine.Services.GetRequiredService<IProviders>());
        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = "capabilities", Environment = environment }, cancellationToken: Token);
        while (!await storage.ExistsAsync(Token))
        {
            (await watch.ResponseStream.MoveNext(Token)).Should().BeTrue();
        }

        return storage;
    }

    private async Task GoneAsync(string environment)
    {
        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = "capabilities", Environment = environment }, cancellationToken: Token);
        var inventory = engine.Services.GetRequiredService<IInventory>();
        while ((await inventory.ListAsync(new InventoryQuery(MachineKind.Capability, Environment: environment, ResourceKind: ResourceKinds.Bucket), Token)).Rows
            .Any(r => r.Row.Address.Name == "backups"))
        {
            (await watch.ResponseStream.MoveNext(Token)).Should().BeTrue();
        }
    }

    private async Task<StoredProvider> StoredAsync(string name) =>
        (await engine.Services.GetRequiredService<IGrainFactory>().GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).ListAsync())
            .Single(p => p.Name == name);
}
