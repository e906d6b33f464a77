using Google.Protobuf;
using Grpc.Core;
using Tarmak.Gateway.Operators;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Providers.Requirements;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class OfflinePlanningTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_HomeOfAnEngine_SaysWhatTheEngineSays()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("offline")), cancellationToken: Token);
        var same = Request(Manifests.All("offline"));
        var other = Request(Manifests.All("offline").Replace("size: small", "size: medium", StringComparison.Ordinal));

        var nothing = await PlanAsync(engine.Home, same);
        var something = await PlanAsync(engine.Home, other);

        nothing.Changes.Should().BeEmpty();
        something.Changes.Should().NotBeEmpty();
        something.ToByteArray().Should().Equal((await engine.Client.PlanAsync(other, cancellationToken: Token)).ToByteArray());
    }

    [Fact]
    public async Task Plan_HomeThatIsNotThere_PlansEverythingAndMakesNone()
    {
        var home = Path.Combine(engine.Home, "nowhere");

        var plan = await PlanAsync(home, Request(Manifests.All("offline")));

        plan.Changes.Should().OnlyContain(c => c.Action == V1.PlannedChange.Types.Action.Create);
        Directory.Exists(home).Should().BeFalse();
    }

    [Fact]
    public async Task Plan_DatabaseNobodyHasOpen_LeavesTheHomeAsItWas()
    {
        var home = Directory.CreateTempSubdirectory("tarmak-gw");
        using (Tarmak.Grains.Storage.EngineDatabase.Open(home.FullName, TimeProvider.System))
        {
            // Made and closed, as an engine leaves it.
        }

        var before = Files(home);
        await PlanAsync(home.FullName, Request(Manifests.All("offline")));

        Files(home).Should().Equal(before);
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task Plan_WhatIsWrong_IsRefusedWithItsDetails()
    {
        var act = () => PlanAsync(engine.Home, Request(Manifests.Cluster("offline", etcd: 4)));

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        Google.Rpc.Status.Parser.ParseFrom(OfflinePlanning.StatusOf(refusal)).Message.Should().Contain("odd");
    }

    private static Task<V1.PlanResponse> PlanAsync(string home, V1.PlanRequest request) => 
        OfflinePlanning.PlanAsync(home, new ProviderSheets([new PaperProviderFactory()]), request, Token);

    private static V1.PlanRequest Request(string content) => new() { Files = { Manifests.File(content) } };

    private static List<string> Files(DirectoryInfo home) =>
        [.. home.GetFiles("*", SearchOption.AllDirectories).Select(f => $"{f.Name} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f.FullName)))}").Order(StringComparer.Ordinal)];
}
