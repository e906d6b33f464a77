using System.Text.Json.Nodes;
using Grpc.Core;
using Tarmak.Gateway.Tests.Hosting;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class ListAndWatchTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_Environment_ShowsTheManifestAndItsVersion()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("listone")), cancellationToken: Token);

        var listed = await engine.Client.ListAsync(new V1.ListRequest { Kind = "environments", Name = "listone" }, cancellationToken: Token);

        var environment = listed.Resources.Should().ContainSingle().Subject;
        (environment.Kind, environment.Key, environment.Provider).Should().Be(("environment", "listone", "desk"));
        (environment.Generation, environment.ResourceVersion).Should().Be((1, "1"));
        JsonNode.Parse(environment.SpecJson)!["dns"]!["publicZone"]!.GetValue<string>().Should().Be("listone.example.test");
        environment.Uid.Should().NotBeEmpty();
    }

    [Fact]
    public async Task List_Providers_ShowsWhatWasApplied()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("shown")), cancellationToken: Token);

        var listed = await engine.Client.ListAsync(new V1.ListRequest { Kind = "providers", Name = "shown" }, cancellationToken: Token);

        listed.Resources.Should().ContainSingle().Which.SpecJson.Should().Be("""{"type":"paper"}""");
        listed.Revision.Should().BePositive();
    }

    [Theory]
    [InlineData("providers", "marked")]
    [InlineData("environments", "listmarks")]
    [InlineData("clusters", "listmarks/demo")]
    public async Task List_LabelsAndAnnotations_AreShownAsApplied(string kind, string name)
    {
        var set = (Manifests.Provider("marked") + Manifests.Environment("listmarks", "marked") + Manifests.Cluster("listmarks"))
            .Replace("metadata: {", "metadata: { labels: { team: blue }, annotations: { note: n },", StringComparison.Ordinal);
        await engine.Client.ApplyAsync(Manifests.Apply(set), cancellationToken: Token);

        // A cluster's row follows its environment's acceptance.
        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = kind, Name = name }, cancellationToken: Token);
        var shown = (await FirstResourceAsync(watch.ResponseStream)).Resource;

        (shown.Labels["team"], shown.Annotations["note"]).Should().Be(("blue", "n"));
        shown.ResourceVersion.Should().NotBe("0");
    }

    [Fact]
    public async Task List_UnknownKind_IsRefused()
    {
        var act = async () => await engine.Client.ListAsync(new V1.ListRequest { Kind = "pods" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Watch_FromARevision_TellsOnlyWhatCameAfterIt()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("watchone")), cancellationToken: Token);
        var before = await engine.Client.ListAsync(new V1.ListRequest { Kind = "cluster", Environment = "watchone" }, cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("watchone")), cancellationToken: Token);

        using var watch = engine.Client.Watch(
            new V1.ListRequest { Kind = "cluster", Environment = "watchone", AfterRevision = before.Revision }, cancellationToken: Token);
        var first = await FirstResourceAsync(watch.ResponseStream);

        first.Resource.Key.Should().Be("watchone/demo");
        first.Revision.Should().BeGreaterThan(before.Revision);
    }

    [Fact]
    public async Task Watch_FromTheStart_TellsThePresentStateAndThatItIsAll()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("watchtwo")), cancellationToken: Token);

        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = "environment", Name = "watchtwo" }, cancellationToken: Token);
        var told = new List<V1.WatchResponse>();
        while (await watch.ResponseStream.MoveNext(Token))
        {
            told.Add(watch.ResponseStream.Current);
            if (told[^1].CaughtUp)
            {
                break;
            }
        }

        told.Should().Contain(t => t.Resource != null && t.Resource.Key == "watchtwo");
        told[^1].Revision.Should().BePositive();
    }

    [Fact]
    public async Task Events_OfAnEnvironment_BeginWithItsAcceptance()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("events")), cancellationToken: Token);

        using var events = engine.Client.Events(new V1.EventsRequest { Key = "events" }, cancellationToken: Token);
        (await events.ResponseStream.MoveNext(Token)).Should().BeTrue();

        (events.ResponseStream.Current.Key, events.ResponseStream.Current.Reason).Should().Be(("events", "Accepted"));
    }

    [Fact]
    public async Task Explain_WhatIsNotReady_SaysItInSentences()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("explained")), cancellationToken: Token);

        var answer = await engine.Client.ExplainAsync(new V1.ExplainRequest { Key = "explained" }, cancellationToken: Token);

        answer.Explanations.Should().NotBeEmpty();
        answer.Explanations.Should().OnlyContain(e => e.Sentence.StartsWith("explained", StringComparison.Ordinal) && e.Sentence.EndsWith('.'));
    }

    [Fact]
    public async Task Explain_WhatDoesNotExist_IsNotFound()
    {
        var act = async () => await engine.Client.ExplainAsync(new V1.ExplainRequest { Key = "no/such" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.NotFound);
    }

    private static async Task<V1.WatchResponse> FirstResourceAsync(IAsyncStreamReader<V1.WatchResponse> stream)
    {
        while (await stream.MoveNext(Token))
        {
            if (stream.Current.Resource is not null)
            {
                return stream.Current;
            }
        }

        throw new InvalidOperationException("The watch ended without a resource.");
    }
}
