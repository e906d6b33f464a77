using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.Conformance.Reports;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Rfc2136.Tests;

/// <summary>The provider against a real BIND.</summary>
public sealed class Rfc2136ProviderTests(Bind bind) : IClassFixture<Bind>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Provider_OnARealServer_PassesEveryCheckOfWhatItOffers()
    {
        var nobody = new Dictionary<string, string>(bind.Options) { [ProviderOptions.Server] = $"127.0.0.1:{Bind.FreePort()}" };
        var subject = new ConformanceSubject("rfc2136", "i", () => Open(bind.Options))
        {
            Zone = Bind.Zone,
            OpenAs = _ => Open(bind.Options),
            Faults = new FaultyOpenings(new Dictionary<FaultCase, Func<IProvider>>
            {
                [new FaultCase("no server answers", ErrorClass.Transient) { Of = [ResourceKinds.DnsRecordSet], Secret = bind.Secret }] = () => Open(nobody),
            }),
        };

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(subject, ConformanceKit.All, Token);

        StoredReport.KeepWhereWanted("rfc2136", report);
        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Count(r => r.Check.Capability == CapabilityNames.Dns && r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(20);
    }

    [Fact]
    public async Task Ensure_NameThatSomebodyWroteByHand_IsRefusedAsConflict()
    {
        var outcome = await Open(bind.Options).RecordSets.EnsureAsync(Call("theirs"), Spec("theirs"), Token);

        outcome.Should().BeOfType<StepOutcome.Failed>().Which.Error.Should().Be(ErrorClass.Conflict);
    }

    [Fact]
    public async Task Ensure_NameTheKeyMayNotUpdate_IsUnauthorized()
    {
        var act = () => Open(bind.Options).RecordSets.EnsureAsync(Call("closed"), Spec("closed"), Token);

        (await act.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Unauthorized);
    }

    [Fact]
    public async Task Ensure_WithAWrongKey_MakesNothingAndTellsNoSecret()
    {
        var wrong = new Dictionary<string, string>(bind.Options) { [ProviderOptions.CredentialsFile] = bind.WrongKeyFile };

        var act = () => Open(wrong).RecordSets.EnsureAsync(Call("wrong"), Spec("wrong"), Token);

        var refusal = (await act.Should().ThrowAsync<ProviderException>()).Which;
        refusal.ToString().Should().NotContain(bind.Secret);
        refusal.Message.Should().Contain("key");
        (await Open(bind.Options).RecordSets.ObserveAsync(Call("wrong"), Spec("wrong"), Token)).Should().Be(new StepOutcome.Succeeded(Observation.Absent));
    }

    [Fact]
    public async Task Observe_ServerThatDoesNotRun_IsTransient()
    {
        var nobody = new Dictionary<string, string>(bind.Options) { [ProviderOptions.Server] = $"127.0.0.1:{Bind.FreePort()}" };

        var act = () => Open(nobody).RecordSets.ObserveAsync(Call("a"), Spec("a"), Token);

        (await act.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.Transient);
    }

    [Fact]
    public async Task Check_ZonesOfEnvironments_TellsThoseThatAreNotServed()
    {
        var said = await Open(bind.Options).CheckAsync(new PreflightRequest([], []) { Zones = [("dev", Bind.Zone), ("prod", "elsewhere.example")] }, Token);

        said.Should().ContainSingle().Which.Should().StartWith("prod: DNS server 127.0.0.1").And.Contain("does not serve zone elsewhere.example");
    }

    [Fact]
    public async Task Check_WithAWrongKey_IsToldBeforeAnythingIsMade()
    {
        var wrong = new Dictionary<string, string>(bind.Options) { [ProviderOptions.CredentialsFile] = bind.WrongKeyFile };

        var said = await Open(wrong).CheckAsync(new PreflightRequest([], []) { Zones = [("dev", Bind.Zone)] }, Token);

        said.Should().ContainSingle().Which.Should().Contain("key");
    }

    [Fact]
    public async Task Verify_ServerAndKey_AreMet()
    {
        var findings = await Open(bind.Options).VerifyAsync(Token);

        findings.Select(f => (f.Requirement, f.State)).Should().Equal(
            (Rfc2136Sheet.Server, RequirementState.Met), (Rfc2136Sheet.Key, RequirementState.Met), (Rfc2136Sheet.Updates, RequirementState.Unknown));
    }

    [Fact]
    public async Task Verify_KeyThatIsNotThere_IsUnmetWithItsFile()
    {
        var missing = new Dictionary<string, string>(bind.Options) { [ProviderOptions.CredentialsFile] = "/nowhere/tarmak.key" };

        var findings = await Open(missing).VerifyAsync(Token);

        findings.Single(f => f.Requirement == Rfc2136Sheet.Key).Should().Match<RequirementFinding>(f => f.State == RequirementState.Unmet && f.Sentence.Contains("/nowhere/tarmak.key"));
    }

    private static Rfc2136Provider Open(IReadOnlyDictionary<string, string> options) => new(Rfc2136Options.Read("office", options), TimeProvider.System);

    private static DnsRecordSetSpec Spec(string name) => new(Bind.Zone, $"{name}.{Bind.Zone}", "A", 60, ["192.0.2.1"]);

    private static ResourceCall Call(string name) => new()
    {
        Marks = new OwnerMarks("i", "dev", null, "uid", $"dev#dns-record-set/{name}"),
        Name = name,
        Incarnation = 1,
        Token = name,
    };
}
