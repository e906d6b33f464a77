using Grpc.Core;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Model.Resources;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class ProviderInquiryTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Types_WithADeclaredProvider_NameIt()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("inquired")), cancellationToken: Token);

        var types = await engine.Client.ProviderTypesAsync(new V1.ProviderTypesRequest(), cancellationToken: Token);

        var paper = types.Types_.Should().ContainSingle().Subject;
        paper.Type.Should().Be("paper");
        paper.Providers.Should().Contain("inquired");
        paper.Capabilities.Should().Contain(CapabilityNames.Compute);
    }

    [Theory]
    [InlineData("paper")]
    [InlineData("inquired")]
    public async Task Requirements_OfATypeOrAProvider_AreItsSheet(string name)
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("inquired")), cancellationToken: Token);

        var sheet = await engine.Client.RequirementsAsync(new V1.RequirementsRequest { Name = name }, cancellationToken: Token);

        sheet.Requirements.Select(r => r.Name).Should().Equal("ink");
        sheet.Capabilities.Single(c => c.Capability == CapabilityNames.Compute).Facts.Should().Contain(f => f.Name == "sizes" && f.Value == "tiny, small, medium, large");
        sheet.Capabilities.Select(c => c.Capability).Concat(sheet.NotOffered).Should().BeEquivalentTo(CapabilityNames.All);
    }

    [Fact]
    public async Task Requirements_OfNothing_NameWhatThereIs()
    {
        var act = async () => await engine.Client.RequirementsAsync(new V1.RequirementsRequest { Name = "moon" }, cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.NotFound);
        refusal.Status.Detail.Should().Contain("types are paper");
    }

    [Fact]
    public async Task Verify_RequirementThatIsNotMet_IsToldWithItsSentence()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider("dry")), cancellationToken: Token);
        var met = await engine.Client.VerifyProviderAsync(new V1.VerifyProviderRequest { Name = "dry" }, cancellationToken: Token);
        engine.Paper.Silent["dry"] = "There is no ink; buy some.";

        var unmet = await engine.Client.VerifyProviderAsync(new V1.VerifyProviderRequest { Name = "dry" }, cancellationToken: Token);

        engine.Paper.Silent.TryRemove("dry", out _);
        met.Findings.Should().ContainSingle().Which.State.Should().Be(V1.RequirementFinding.Types.State.Met);
        unmet.Findings.Should().ContainSingle().Which.State.Should().Be(V1.RequirementFinding.Types.State.Unmet);
        unmet.Findings[0].Sentence.Should().Be("There is no ink; buy some.");
    }

    [Fact]
    public async Task Bindings_OfAnEnvironmentWithAnOverride_SayWhatDecidesThem()
    {
        var manifest = Manifests.Provider() + Manifests.Provider("vault") + Manifests.Environment("bound")
            .Replace("provider: desk,", "provider: desk, overrides: { secretStore: { provider: vault } },", StringComparison.Ordinal);
        await engine.Client.ApplyAsync(Manifests.Apply(manifest), cancellationToken: Token);

        var answer = await engine.Client.BindingsAsync(new V1.BindingsRequest { Key = "bound" }, cancellationToken: Token);

        var secrets = answer.Bindings.Single(b => b.Key == CapabilityNames.SecretStore);
        (secrets.Provider, secrets.Source, secrets.Offered).Should().Be(("vault", "spec.overrides.secretStore.provider", true));
        var compute = answer.Bindings.Single(b => b.Key == CapabilityNames.Compute);
        (compute.Provider, compute.Source, compute.Offered).Should().Be(("desk", "spec.provider", true));
        answer.Bindings.Single(b => b.Key == CapabilityNames.NetworkPeering).Offered.Should().BeFalse();
    }

    [Theory]
    [InlineData("nowhere", "There is no environment nowhere.")]
    [InlineData("bound/nothing", "There is no cluster bound/nothing.")]
    public async Task Bindings_OfWhatIsNotThere_AreNotFound(string key, string said)
    {
        var act = async () => await engine.Client.BindingsAsync(new V1.BindingsRequest { Key = key }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Be(said);
    }
}
