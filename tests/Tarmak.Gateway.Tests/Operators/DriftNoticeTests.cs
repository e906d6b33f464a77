using Grpc.Core;
using Tarmak.Gateway.Tests.Hosting;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class DriftNoticeTests(EngineFixture engine)
{
    private const string Sentence = "Listing containers: no container engine answers at unix:///nowhere.sock; start it.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_WithoutFiles_LooksAtWhatThereIsAndAcceptsNothing()
    {
        var answer = await engine.Client.ApplyAsync(new V1.ApplyRequest(), cancellationToken: Token);

        answer.Documents.Should().BeEmpty();
    }

    [Fact]
    public async Task Apply_ProviderSilentAfterwards_StillTellsWhatWasAccepted_AndWithoutFilesSaysSo()
    {
        var set = Manifests.Provider("mute") + Manifests.Environment("notice", "mute");
        await engine.Client.ApplyAsync(Manifests.Apply(set), cancellationToken: Token);
        await CapabilityAsync("notice");
        engine.Paper.Silent["mute"] = Sentence;
        try
        {
            var accepted = await engine.Client.ApplyAsync(Manifests.Apply(set + Manifests.Cluster("notice")), cancellationToken: Token);
            var act = async () => await engine.Client.ApplyAsync(new V1.ApplyRequest(), cancellationToken: Token);

            accepted.Documents.Select(d => d.Key).Should().Equal("mute", "notice", "notice/demo");
            accepted.Revision.Should().BePositive();
            var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
            (refusal.StatusCode, refusal.Status.Detail).Should().Be((StatusCode.Unavailable, Sentence));
        }
        finally
        {
            engine.Paper.Silent.Clear();
        }
    }

    /// <summary>Waits until the inventory has an object of the environment, and with it the name of its provider.</summary>
    private async Task CapabilityAsync(string environment)
    {
        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = "capabilities", Environment = environment }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token))
        {
            if (watch.ResponseStream.Current.Resource is not null)
            {
                return;
            }
        }
    }
}
