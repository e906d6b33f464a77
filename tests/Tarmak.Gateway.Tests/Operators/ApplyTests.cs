using System.Runtime.CompilerServices;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class ApplyTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_NewSet_IsAcceptedPerDocumentInOrder()
    {
        var answer = await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("alpha") + Manifests.Environment("alpha") + Manifests.Provider()), cancellationToken: Token);

        answer.Documents.Select(d => (d.Kind, d.Key)).Should().Equal(("provider", "desk"), ("environment", "alpha"), ("cluster", "alpha/demo"));
        answer.Documents[1].Action.Should().Be(V1.DocumentResult.Types.Action.Created);
        answer.Documents[2].Action.Should().Be(V1.DocumentResult.Types.Action.Created);
        answer.Documents[2].Generation.Should().Be(1);
        answer.Revision.Should().BePositive();
    }

    [Fact]
    public async Task Apply_SameAgain_ChangesNothing()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("beta")), cancellationToken: Token);

        var answer = await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("beta")), cancellationToken: Token);

        answer.Documents.Should().OnlyContain(d => d.Action == V1.DocumentResult.Types.Action.Unchanged);
    }

    [Fact]
    public async Task Apply_SameRequestTwice_IsAcceptedOnceAndAnsweredAlike()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("gamma")), cancellationToken: Token);
        var request = Manifests.Apply(Manifests.Cluster("gamma", size: "medium", metadata: ", resourceVersion: \"2\""), "change-1");

        var first = await engine.Client.ApplyAsync(request, cancellationToken: Token);
        var second = await engine.Client.ApplyAsync(request, cancellationToken: Token);

        first.Documents[0].Generation.Should().Be(2);
        second.Documents.Should().BeEquivalentTo(first.Documents);
    }

    [Fact]
    public async Task Apply_TwoEditsOfLabels_SecondIsRefusedAsPrecondition()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("lambda")), cancellationToken: Token);
        var edit = (string label) => Manifests.Apply(Manifests.Cluster("lambda", metadata: $", resourceVersion: \"2\", labels: {{ by: {label} }}"));
        await engine.Client.ApplyAsync(edit("first"), cancellationToken: Token);

        var act = async () => await engine.Client.ApplyAsync(edit("second"), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Apply_NewOperatorKey_ReachesWhatIsThere()
    {
        await using var own = await EngineFixture.StartAsync();
        await own.Client.ApplyAsync(Manifests.Apply(Manifests.All("keys")), cancellationToken: Token);
        Directory.CreateDirectory(Path.Combine(own.Home, "ssh"));
        await File.WriteAllTextAsync(Path.Combine(own.Home, "ssh", "new.pub"), "ssh-ed25519 AAAA new\n", Token);

        var answer = await own.Client.ApplyAsync(Manifests.Apply(Manifests.All("keys")), cancellationToken: Token);

        answer.Documents.Select(d => d.Action).Should().Equal(
            V1.DocumentResult.Types.Action.Unchanged, V1.DocumentResult.Types.Action.Changed, V1.DocumentResult.Types.Action.Unchanged);
        var rows = await own.Services.GetRequiredService<IInventory>().ListAsync(new InventoryQuery(MachineKind.Environment, Key: "keys"), Token);
        DesiredJson.Read<EnvironmentDesired>(rows.Rows[0].Row.Spec).AuthorizedKeys.Should().Equal("ssh-ed25519 AAAA new");
    }

    [Fact]
    public async Task Apply_ToAnEnvironmentWhoseDeletionIsBlocked_IsRefusedBeforeAnythingIsAccepted()
    {
        var leaving = new MachineState
        {
            Address = MachineAddress.OfEnvironment("blocked"),
            Uid = "u",
            Phase = Phase.Blocked,
            Desired = new Desired(1, DesiredJson.Write(new EnvironmentDesired()), "h", Deleting: true, DataLossConsent: false),
        };
        await engine.Services.GetRequiredService<IMachineStore>().WriteAsync(leaving, null, [], Token);

        var act = async () => await engine.Client.ApplyAsync(
            Manifests.Apply(Manifests.Provider("untouched") + Manifests.Environment("blocked", "untouched")), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().StartWith("Environment blocked is being deleted");
        (await engine.Client.ListAsync(new V1.ListRequest { Kind = "providers", Name = "untouched" }, cancellationToken: Token)).Resources.Should().BeEmpty();
    }

    [Fact]
    public async Task Apply_StaleResourceVersion_IsRefusedAsPrecondition()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("delta")), cancellationToken: Token);

        var act = async () => await engine.Client.ApplyAsync(
            Manifests.Apply(Manifests.Cluster("delta", size: "medium", metadata: ", resourceVersion: \"7\"")), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        refusal.Status.Detail.Should().Contain("metadata.resourceVersion");
    }

    [Fact]
    public async Task Apply_SeveralProblems_AreToldInOneAnswerAndNothingIsAccepted()
    {
        var broken = Manifests.Environment("epsilon", provider: "nowhere") + Manifests.Cluster("epsilon", etcd: 4) + """
            apiVersion: tarmak.io/v1alpha1
            kind: Cluster
            metadata: { name: other, environment: epsilon }
            spec: { typo: 1 }
            """;

        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(broken), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.InvalidArgument);
        var said = refusal.Details<BadRequest>().FieldViolations.Select(v => v.Description).ToList();
        said.Should().HaveCountGreaterThanOrEqualTo(3).And.OnlyContain(s => s.StartsWith("test.yaml:", StringComparison.Ordinal));
        said.Should().Contain(s => s.Contains("nowhere", StringComparison.Ordinal)).And.Contain(s => s.Contains("odd", StringComparison.Ordinal));
        var listed = await engine.Client.ListAsync(new V1.ListRequest { Environment = "epsilon" }, cancellationToken: Token);
        listed.Resources.Should().BeEmpty();
    }

    [Theory]
    [InlineData("spec: { type: single, kubernetes: {} }", "spec.kubernetes")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion, zones: [ a ] }, { name: etcd, role: etcd, zones: [ a, b, c ] } ] }", "zones a, b, c")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, deletionPolicy: Retain } ] }", "spec.instancePools[1].deletionPolicy")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion, image: mine }, { name: etcd, role: etcd } ] }", "spec.instancePools[0].image")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion, rootVolume: { sizeGiB: 20 } }, { name: etcd, role: etcd } ] }", "spec.instancePools[0].rootVolume")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, labels: { a: b } } ] }", "spec.instancePools[1].labels: are for nodes of Kubernetes")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, taints: [ { key: a, effect: NoExecute } ] } ] }", "spec.instancePools[1].taints: are for nodes of Kubernetes")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, kubernetesVersion: \"1.25\" } ] }", "spec.instancePools[1].kubernetesVersion")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, identityPolicies: [ a ] } ] }", "spec.instancePools[1].identityPolicies")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, size: smal } ] }", "spec.instancePools[1].size: is smal, which providers of type paper do not have; take one of tiny, small, medium, large")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, volumes: [ { name: data, sizeGiB: 5, class: hdd } ] } ] }", "spec.instancePools[1].volumes")]
    [InlineData("spec: { instancePools: [ { name: bastion, role: bastion }, { name: etcd, role: etcd, allowedCIDRs: [ 127.0.0.1/32, 10.0.0.0/8 ] } ] }", "spec.instancePools[1].allowedCIDRs[1]: is 10.0.0.0/8, and clusters of providers of type paper are reached from 127.0.0.0/8 only")]
    public async Task Apply_WhatThisEngineCannotDo_IsRefusedByPath(string spec, string said)
    {
        var manifest = Manifests.Provider() + Manifests.Environment("zeta") + $$"""
            apiVersion: tarmak.io/v1alpha1
            kind: Cluster
            metadata: { name: demo, environment: zeta }
            {{spec}}
            """;

        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(manifest), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.InvalidArgument);
        refusal.Status.Detail.Should().Contain(said);
    }

    [Theory]
    [InlineData("127.0.0.0/8", null)]
    [InlineData("127.0.0.1/32", null)]
    [InlineData("0.0.0.0/0", "spec.adminCIDRs[0]: is 0.0.0.0/0, and clusters of providers of type paper are reached from 127.0.0.0/8 only, so that nobody can come from there; write a range within 127.0.0.0/8, or leave it out")]
    [InlineData("10.0.0.0/8", "spec.adminCIDRs[0]: is 10.0.0.0/8")]
    public async Task Plan_AdministratorsFromOutsideTheHost_AreRefused(string range, string? said)
    {
        var environment = Manifests.Environment("kappa").Replace("provider: desk,", $"provider: desk, adminCIDRs: [ {range} ],", StringComparison.Ordinal);

        var act = async () => await engine.Client.PlanAsync(new V1.PlanRequest { Files = { Manifests.File(Manifests.Provider() + environment) } }, cancellationToken: Token);

        if (said is null)
        {
            await act.Should().NotThrowAsync();
        }
        else
        {
            (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain(said);
        }
    }

    [Fact]
    public async Task Apply_OtherBindingOfALiveEnvironment_MovesIt()
    {
        var plain = Manifests.Provider() + Manifests.Provider("vault") + Manifests.Environment("bindings");
        await engine.Client.ApplyAsync(Manifests.Apply(plain), cancellationToken: Token);

        var applied = await engine.Client.ApplyAsync(Manifests.Apply(plain.Replace(
            "provider: desk,", "provider: desk, overrides: { secretStore: { provider: vault } },", StringComparison.Ordinal)), cancellationToken: Token);

        applied.Documents.Single(d => d.Key == "bindings").Action.Should().Be(V1.DocumentResult.Types.Action.Changed);
        V1.CapabilityBinding binding;
        HashSet<string> phases = [];
        do
        {
            binding = (await engine.Client.BindingsAsync(new V1.BindingsRequest { Key = "bindings" }, cancellationToken: Token)).Bindings.Single(b => b.Key == "secretStore");
            phases.Add(binding.Move?.Phase ?? "done");
        }
        while (binding.Move is not null);

        binding.Provider.Should().Be("vault");
        phases.Should().BeSubsetOf(["copying", "verifying", "cutting over", "leaving", "done"]);
    }

    [Fact]
    public async Task Apply_EnvironmentWithNamesElsewhere_AsksTheirProviderForTheZoneOnce()
    {
        var manifest = Manifests.Provider() + Manifests.Provider("names") + Manifests.Environment("outside")
            .Replace("provider: desk,", "provider: desk, overrides: { dns: { provider: names, zone: k8s.outside.test } },", StringComparison.Ordinal);

        await engine.Client.ApplyAsync(Manifests.Apply(manifest), cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(manifest), cancellationToken: Token);

        engine.Paper.Asked.SelectMany(a => a.Zones).Where(z => z.Environment == "outside").Should().Equal(("outside", "k8s.outside.test"));
    }

    [Theory]
    [InlineData("dns: { provider: nobody }", "spec.overrides.dns.provider: names provider nobody, which does not exist")]
    [InlineData("compute: { provider: vault }", "spec.overrides.compute.provider: binds compute to another cloud than the machines'")]
    [InlineData("containerRegistry: { provider: vault }", "spec.overrides.containerRegistry: binds containerRegistry, which this engine does not use yet")]
    [InlineData("configuration: { provider: vault, bucket: mine }", "spec.overrides.configuration.bucket: names an existing bucket")]
    public async Task Plan_OverrideThatCannotBe_IsRefusedByPath(string overrides, string said)
    {
        var manifest = Manifests.Provider() + Manifests.Provider("vault") + Manifests.Environment("mu")
            .Replace("provider: desk,", $"provider: desk, overrides: {{ {overrides} }},", StringComparison.Ordinal);

        var act = async () => await engine.Client.PlanAsync(new V1.PlanRequest { Files = { Manifests.File(manifest) } }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain(said);
    }

    [Fact]
    public async Task Plan_EveryExample_IsAccepted()
    {
        var examples = Directory.GetFiles(Path.Combine(Root(), "docs/examples"), "*.yaml");
        examples.Should().NotBeEmpty();
        foreach (var example in examples)
        {
            // The real providers ask for a container engine or a server; what they may declare is the same.
            var text = (await File.ReadAllTextAsync(example, Token))
                .Replace("type: container", "type: paper", StringComparison.Ordinal).Replace("type: rfc2136", "type: paper", StringComparison.Ordinal)
                .Replace("type: s3", "type: paper", StringComparison.Ordinal).Replace("type: simulated", "type: paper", StringComparison.Ordinal)
                .Replace("type: shelf", "type: paper", StringComparison.Ordinal);

            var plan = await engine.Client.PlanAsync(new V1.PlanRequest { Files = { Manifests.File(text) } }, cancellationToken: Token);

            plan.Changes.Should().NotBeEmpty(example);
        }
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));

    [Fact]
    public async Task Apply_UnknownProviderType_NamesTheTypesThereAre()
    {
        const string manifest = """
            apiVersion: tarmak.io/v1alpha1
            kind: Provider
            metadata: { name: far }
            spec: { type: moon }
            """;

        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(manifest), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("spec.type").And.Contain("paper");
    }

    [Fact]
    public async Task Apply_OtherSizeOfLiveEtcd_IsRefusedByPath()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("eta")), cancellationToken: Token);

        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("eta", etcd: 5)), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.Status.Detail.Should().Contain("spec.instancePools[1].count").And.Contain("keep 3");
    }

    [Fact]
    public async Task Apply_RenamedPoolWithData_NeedsConsentThatNamesIt()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("theta")), cancellationToken: Token);
        var renamed = Manifests.Cluster("theta").Replace("name: etcd,", "name: store,", StringComparison.Ordinal);

        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(renamed), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        var violation = refusal.Details<PreconditionFailure>().Violations.Should().ContainSingle().Subject;
        (violation.Type, violation.Subject).Should().Be(("CONSENT", "theta/demo/etcd"));
        var accepted = await engine.Client.ApplyAsync(Manifests.Apply(renamed, "", "theta/demo"), cancellationToken: Token);
        accepted.Documents[0].Action.Should().Be(V1.DocumentResult.Types.Action.Changed);
    }

    [Fact]
    public async Task Apply_WhatTheProviderCannotMake_IsRefusedBeforeAnythingIsAccepted()
    {
        engine.Paper.Taken.Add("10.66.0.0/16");

        var act = async () => await engine.Client.ApplyAsync(
            Manifests.Apply(Manifests.Provider() + Manifests.Environment("iota") + Manifests.Cluster("iota", cidr: "10.66.0.0/16")), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.FailedPrecondition);
        refusal.Status.Detail.Should().Contain("10.200.0.0/16 is free");
        (await engine.Client.ListAsync(new V1.ListRequest { Environment = "iota" }, cancellationToken: Token)).Resources.Should().BeEmpty();
    }

    [Fact]
    public async Task Apply_FileOfFourMegabytes_IsRefusedInOneSentence()
    {
        var act = async () => await engine.Client.ApplyAsync(Manifests.Apply(new string('#', 4_000_000)), cancellationToken: Token);

        var refusal = (await act.Should().ThrowAsync<RpcException>()).Which;
        refusal.StatusCode.Should().Be(StatusCode.InvalidArgument);
        refusal.Status.Detail.Should().Be("test.yaml:1:1: the file is larger than 1 MiB; split it into several files");
    }

    [Fact]
    public async Task Plan_NoFiles_IsRefused()
    {
        var act = async () => await engine.Client.PlanAsync(new V1.PlanRequest(), cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Apply_ClusterThatChanges_AsksTheProviderForItsNetworkOnce()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("sizes")), cancellationToken: Token);

        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("sizes")), cancellationToken: Token);
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Cluster("sizes", size: "medium")), cancellationToken: Token);

        engine.Paper.Asked.SelectMany(a => a.Networks).Select(n => n.OwnerKey).Where(k => k.StartsWith("sizes/", StringComparison.Ordinal))
            .Should().Equal("sizes/demo#network/main");
    }
}
