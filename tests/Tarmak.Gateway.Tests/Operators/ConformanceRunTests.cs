using Grpc.Core;
using Tarmak.Gateway.Tests.Hosting;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class ConformanceRunTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OfOneCapability_TellsEachCheckAndThenTheReport()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("proven")), cancellationToken: Token);
        var folders = Directory.GetDirectories(engine.Home);

        var told = await RunAsync(new V1.ConformanceRequest { Provider = "proven", Capability = "secretStore", Format = "json" });

        var results = told.Where(t => t.Result is not null).Select(t => t.Result).ToList();
        results.Should().HaveCountGreaterThan(3).And.OnlyContain(r => r.Check.StartsWith("secretStore/", StringComparison.Ordinal));
        told[^1].Report.Text.Should().Contain("\"provider\": \"proven\"");
        told[^1].Report.Passed.Should().Be(results.TrueForAll(r => r.Outcome == V1.CheckResult.Types.Outcome.Passed));
        Directory.GetDirectories(engine.Home).Should().BeEquivalentTo(folders, "a run leaves nothing in the home");
    }

    [Fact]
    public async Task Run_ProviderWhoseSheetSaysMoreThanIsSo_DoesNotPass()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("proven")), cancellationToken: Token);

        var told = await RunAsync(new V1.ConformanceRequest { Provider = "proven", Capability = "compute" });

        // The paper provider says that it makes machines, and is only asked to plan for them.
        told.Should().Contain(t => t.Result != null && t.Result.Check == "compute/sheet-tells-what-is-so" && t.Result.Outcome == V1.CheckResult.Types.Outcome.Failed);
        told[^1].Report.Passed.Should().BeFalse();
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("second", false)]
    public async Task Run_WithAnotherProvider_TriesWhatItServes(string other, bool isMissing)
    {
        const string Missing = "There is no other provider here";
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("proven") + Manifests.Provider("second")), cancellationToken: Token);

        var told = await RunAsync(new V1.ConformanceRequest { Provider = "proven", Other = other, Capability = "secretStore" });

        told.Any(t => t.Result?.Message.StartsWith(Missing, StringComparison.Ordinal) is true).Should().Be(isMissing);
    }

    [Fact]
    public async Task Run_WithAnotherProviderThatIsNot_IsRefused()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("proven")), cancellationToken: Token);

        var act = () => RunAsync(new V1.ConformanceRequest { Provider = "proven", Other = "nobody" });

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().StartWith("There is no provider nobody");
    }

    [Theory]
    [InlineData("nobody", "", "", StatusCode.NotFound, "There is no provider nobody")]
    [InlineData("proven", "moon", "", StatusCode.InvalidArgument, "'moon' is no capability; there are secretStore,")]
    [InlineData("proven", "", "pdf", StatusCode.InvalidArgument, "'pdf' is no format of a report; there are md, junit, json.")]
    public async Task Run_OfWhatIsNot_IsRefusedInOneSentence(string provider, string capability, string format, StatusCode code, string said)
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("proven")), cancellationToken: Token);

        var act = () => RunAsync(new V1.ConformanceRequest { Provider = provider, Capability = capability, Format = format });

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(code);
        refusal.Status.Detail.Should().StartWith(said);
    }

    private async Task<List<V1.ConformanceResponse>> RunAsync(V1.ConformanceRequest request)
    {
        using var call = engine.Client.Conformance(request, cancellationToken: Token);
        List<V1.ConformanceResponse> told = [];
        await foreach (var response in call.ResponseStream.ReadAllAsync(Token))
        {
            told.Add(response);
        }

        return told;
    }
}
