using System.Text.Json.Nodes;

namespace Tarmak.Cli.Tests;

public sealed class ProvidersTests
{
    private static readonly Requirement Root = new() { Kind = "permission", Name = "root", Reason = "Machines need it." };

    [Fact]
    public async Task List_Types_PrintsThemWithTheirProviders()
    {
        await using var engine = new FakeEngine { OnProviderTypes = _ => new ProviderTypesResponse
        {
            Types_ =
            {
                new ProviderType { Type = "container", Summary = "A cloud on a laptop.", Capabilities = { "compute", "dns" }, Providers = { "laptop" } },
                new ProviderType { Type = "rfc2136", Summary = "A DNS server.", Capabilities = { "dns" } },
            },
        } };
        var cli = await RunAsync(engine, "providers", "list");

        cli.Out.Should().Be(
            """
            TYPE        PROVIDERS   CAPABILITIES   SUMMARY
            container   laptop      2              A cloud on a laptop.
            rfc2136     -           1              A DNS server.

            """);
    }

    [Fact]
    public async Task Requirements_OfAType_PrintItsSheet()
    {
        await using var engine = new FakeEngine { OnRequirements = _ => Sheet() };
        var cli = await RunAsync(engine, "providers", "requirements", "container");

        cli.Out.Should().Be(
            """
            container: A cloud on a laptop.
            needs root (permission): Machines need it.

            compute
              sizes: tiny, small
              object machine: marked by labels, found by its name after a lost reply
              but: Machines share a kernel.

            not offered: firewall

            """);
        engine.Requests.OfType<RequirementsRequest>().Single().Name.Should().Be("container");
    }

    [Fact]
    public async Task Requirements_AsJson_AreTheSheet()
    {
        await using var engine = new FakeEngine { OnRequirements = _ => Sheet() };
        var cli = await RunAsync(engine, "providers", "requirements", "container", "-o", "json");

        var sheet = JsonNode.Parse(cli.Out)!;
        sheet["capabilities"]![0]!["objects"]![0]!["kind"]!.GetValue<string>().Should().Be("machine");
        sheet["capabilities"]![0]!["facts"]!["sizes"]!.GetValue<string>().Should().Be("tiny, small");
    }

    [Theory]
    [InlineData(RequirementFinding.Types.State.Met, ExitCode.Done, "✓ root   It runs as root.\n")]
    [InlineData(RequirementFinding.Types.State.Unknown, ExitCode.Done, "? root   It runs as root.\n")]
    [InlineData(RequirementFinding.Types.State.Unmet, ExitCode.Failed, "✗ root   It runs as root.\n")]
    public async Task Verify_Findings_DecideTheExitCode(RequirementFinding.Types.State state, int exitCode, string said)
    {
        await using var engine = new FakeEngine { OnVerifyProvider = _ => new VerifyProviderResponse
        {
            Findings = { new RequirementFinding { Requirement = Root, State = state, Sentence = "It runs as root." } },
        } };
        var cli = await RunAsync(engine, exitCode, "providers", "verify", "laptop");

        cli.Out.Should().Be(said);
        cli.Error.Should().Be(exitCode == ExitCode.Done ? "" : "tarmak: 1 of 1 requirements of provider laptop is not met.\n");
    }

    [Fact]
    public async Task Bindings_OfAnEnvironment_SayWhatDecidesThem()
    {
        await using var engine = new FakeEngine { OnBindings = _ => new BindingsResponse
        {
            Bindings =
            {
                new CapabilityBinding { Key = "compute", Provider = "laptop", Type = "container", Source = "spec.provider", Offered = true },
                new CapabilityBinding { Key = "dns", Provider = "office", Type = "rfc2136", Source = "spec.overrides.dns.provider", Setting = "k8s.example", Offered = true, Move = new BindingMove { ServedBy = "laptop", Phase = "verifying", Detail = "No answer." } },
                new CapabilityBinding { Key = "firewall", Provider = "laptop", Type = "container", Source = "spec.provider" },
                new CapabilityBinding { Key = "state", Provider = "laptop", Type = "container", Source = "spec.provider", Offered = true, Standing = "exported 4 s ago" },
            },
        } };
        var cli = await RunAsync(engine, "get", "bindings", "dev");

        cli.Out.Should().Be(
            """
            KEY        PROVIDER   TYPE        DECIDED BY                    SETTING       STANDING
            compute    laptop     container   spec.provider                 -             -
            dns        office     rfc2136     spec.overrides.dns.provider   k8s.example   verifying; served by laptop: No answer.
            firewall   -          -           not offered by laptop         -             -
            state      laptop     container   spec.provider                 -             exported 4 s ago

            """);
        engine.Requests.OfType<BindingsRequest>().Single().Key.Should().Be("dev");
    }

    private static Task<CliRun> RunAsync(FakeEngine engine, params string[] args) => RunAsync(engine, ExitCode.Done, args);

    private static async Task<CliRun> RunAsync(FakeEngine engine, int exitCode, params string[] args)
    {
        await engine.ListenAsync();
        var cli = new CliRun(engine);
        (await cli.RunAsync(args)).Should().Be(exitCode, cli.Error);
        return cli;
    }

    private static RequirementSheet Sheet() => new()
    {
        Type = "container",
        Summary = "A cloud on a laptop.",
        Requirements = { Root },
        Capabilities =
        {
            new CapabilitySheet
            {
                Capability = "compute",
                Facts = { new SheetFact { Name = "sizes", Value = "tiny, small" } },
                Objects = { new ObjectSheet { Kind = "machine", Mark = "labels", EnsureResolution = "uniqueName" } },
                Limitations = { "Machines share a kernel." },
            },
        },
        NotOffered = { "firewall" },
    };
}
