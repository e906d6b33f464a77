using System.Text.Json;
using System.Xml.Linq;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Reports;
using Tarmak.Providers.Conformance.Tests.Reference;
using Tarmak.Providers.Conformance.Tests.Wrong;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Tests;

public sealed class ConformanceKitTests
{
    private static readonly WrongDriver[] s_wrong =
    [
        .. WrongSecretStores.All, .. WrongObjectStorages.All, .. WrongVolumes.All, .. WrongVisibility.All, .. WrongDns.All, .. WrongFirewalls.All,
        .. WrongPeerings.All, .. WrongMetadata.All, .. WrongIdentities.All, .. WrongRegistries.All, .. WrongSheets.All, .. WrongSurvivors.All, .. WrongInSequence.All, .. WrongUnderFaults.All, .. WrongOwnership.All, .. WrongOthers.All,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> WrongDrivers() => [.. s_wrong.Select(w => $"{w.Caught}: {w.What}")];

    [Fact]
    public async Task RightProvider_PassesEveryCheck()
    {
        var cloud = MemoryCloud.Right();
        var report = await RunAsync(new ConformanceSubject("memory", "i", cloud.Open) { Zone = MemoryDns.Zone, OpenAs = cloud.OpenAs, Other = WrongOthers.Subject(WrongOthers.Right(cloud)) });

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Where(r => r.Check.Kind == ResourceKinds.Volume && r.Check.NeedsFaultsOf is null).Should().OnlyContain(r => r.Outcome == CheckOutcome.Passed);
        report.Results.Where(r => r.Check.ExcludedBetween is not null && r.Outcome != CheckOutcome.Passed).Select(r => r.Check.Id)
            .Should().Equal("dns/other-names-balancers");
        report.Passed.Should().BeTrue();
    }

    [Fact]
    public void WhatMayBeTakenFromAnotherProvider_IsChecked_WithEachUseOfObjectStorage()
    {
        var taken = OverrideKeys.All.Except([.. Bindings.Placed, .. OverrideKeys.StorageUses]).Append(CapabilityNames.NetworkPeering);

        var checks = ConformanceKit.All.Where(c => c.ExcludedBetween is not null).ToList();

        checks.Select(c => c.Capability).Distinct().Should().BeEquivalentTo(taken);
        checks.Where(c => c.Capability == CapabilityNames.ObjectStorage).Select(c => c.Id).Should().Equal(OverrideKeys.StorageUses.Select(use => $"objectStorage/other-holds-{use}"));
    }

    [Fact]
    public async Task WhatTheSheetsExclude_IsToldInOneSentence_AndNotTried()
    {
        var (cloud, checks) = (MemoryCloud.Right(), ConformanceKit.All.Where(c => c.ExcludedBetween is not null).ToArray());
        var other = WrongOthers.Right(cloud) with
        {
            Sheet = static sheet => sheet with
            {
                Capabilities =
                [
                    .. sheet.Capabilities.Select(c => c switch
                    {
                        StoreSheet store => store with { Ways = [GrantWay.Native] },
                        DnsSheet dns => dns with { NeedsEdge = true },
                        PeeringSheet peering => peering with { LeadsElsewhere = false },
                        _ => c,
                    }),
                ],
            },
        };

        var report = await RunAsync(new ConformanceSubject("memory", "i", cloud.Open) { Other = WrongOthers.Subject(other) }, checks);

        report.Results.Where(r => r.Check.Id != "dns/other-names-balancers").Should().OnlyContain(r =>
            r.Outcome == CheckOutcome.NotOffered && r.Message.StartsWith("By the sheets: it cannot be taken from memory, wh") && r.Message.IndexOf('.') == r.Message.Length - 1);
    }

    [Fact]
    public async Task WithoutAnotherProvider_WhatWouldBeTakenFromItIsToldAsNotOffered()
    {
        var report = await RunAsync(MemoryCloud.Right().Open, [.. ConformanceKit.All.Where(c => c.ExcludedBetween is not null)]);

        report.Results.Should().OnlyContain(r => r.Outcome == CheckOutcome.NotOffered && r.Message.Contains("no other provider"));
    }

    [Fact]
    public async Task ProviderThatIsBehindWithinItsBound_PassesEveryCheckOfItsVolumes()
    {
        var report = await RunAsync(MemoryCloud.Of(volumes: new StaleVolumes(WrongVisibility.Bound)).Open);

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Count(r => r.Outcome == CheckOutcome.Passed).Should().BeGreaterThan(9);
    }

    [Fact]
    public async Task ProviderThatTellsFaultsAsTheyAre_PassesTheChecksOfFaults()
    {
        var (volumes, secrets) = (new MemoryVolumes(), new MemorySecretStore());

        var report = await RunAsync(
            new ConformanceSubject("memory", "i", MemoryCloud.Of(secrets, volumes: volumes).Open) { Faults = new MemoryFaults(f => new FaultedVolumes(volumes, f)) }, [.. ConformanceKit.All.Where(c => c.NeedsFaultsOf is not null)]);

        report.Results.Where(r => r.Outcome == CheckOutcome.Failed).Select(r => $"{r.Check.Id}: {r.Message}").Should().BeEmpty();
        report.Results.Where(r => r.Outcome == CheckOutcome.Passed).Select(r => r.Check.Id).Should()
            .Equal("volumes/volume-faults-come-back-as-their-class", "secretStore/faults-come-back-as-their-class");
    }

    [Theory]
    [MemberData(nameof(WrongDrivers))]
    public async Task WrongDriver_IsCaughtByItsCheck(string driver)
    {
        var wrong = s_wrong.Single(w => $"{w.Caught}: {w.What}" == driver);
        var check = ConformanceKit.All.Single(c => c.Id == wrong.Caught);

        var report = await RunAsync(new ConformanceSubject("memory", "i", wrong.Open) { Zone = MemoryDns.Zone, Faults = wrong.Faults, OpenAs = wrong.OpenAs, Other = wrong.Other }, check);

        report.Passed.Should().BeFalse();
        var found = report.Results.Single(r => r.Check == check);
        found.Outcome.Should().Be(CheckOutcome.Failed);
        found.Message.Should().NotBeEmpty().And.NotContain("could not be removed", "the check itself must catch it");
    }

    [Fact]
    public async Task Checks_LeaveNothingBehind()
    {
        var cloud = MemoryCloud.Right();

        await RunAsync(cloud.Open);

        (await cloud.Secrets()!.ListAsync("", Token)).Should().BeEmpty();
        (await cloud.Volumes()!.ListOwnedAsync(Token)).Should().BeEmpty();
        (await ((MemoryObjectStorage)cloud.Storage()!).Made.ListOwnedAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task RunThatIsEnded_RemovesWhatItsCheckMade()
    {
        using var ending = new CancellationTokenSource();
        var store = new MemorySecretStore();
        var check = new ConformanceCheck("secretStore/ended", "Is ended.", _ => true, async (scope, token) =>
        {
            await store.CreateIfAbsentAsync(scope.Name, new byte[] { 1 }, token);
            scope.Afterwards(t => store.DeleteAsync(scope.Name, t));
            await ending.CancelAsync();
            token.ThrowIfCancellationRequested();
        });

        var run = () => new ConformanceKit(TimeProvider.System).RunAsync(new ConformanceSubject("memory", "i", MemoryCloud.Of(store).Open), [check], ending.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        (await store.ListAsync("", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task ProviderWithoutACapability_IsToldSo_AndPassesByTheOthers()
    {
        var report = await RunAsync(MemoryCloud.Of(secrets: new MemorySecretStore()).Open);

        report.Passed.Should().BeTrue();
        report.Results.Where(r => r.Check.Capability != "secretStore").Should().OnlyContain(r => r.Outcome == CheckOutcome.NotOffered);
    }

    [Fact]
    public async Task ProviderThatOffersNothing_DoesNotPass()
    {
        (await RunAsync(MemoryCloud.Of().Open)).Passed.Should().BeFalse();
    }

    [Fact]
    public async Task DriverThatHangs_FailsAndDoesNotStopTheOthers()
    {
        var kit = new ConformanceKit(TimeProvider.System) { Deadline = TimeSpan.FromMilliseconds(300) };
        var checks = ConformanceKit.All.Where(c => c.Id is "secretStore/absent-reads-as-nothing" or "secretStore/list-is-whole-and-in-order");

        var report = await kit.RunAsync(new ConformanceSubject("hanging", "i", MemoryCloud.Of(secrets: new Hangs()).Open), checks, Token);

        report.Results.Select(r => r.Outcome).Should().Equal(CheckOutcome.Failed, CheckOutcome.Passed);
        report.Results[0].Message.Should().Contain("did not end");
    }

    [Fact]
    public void CheckIds_AreUnique_AndBeginWithACapability()
    {
        ConformanceKit.All.Select(c => c.Id).Should().OnlyHaveUniqueItems();
        ConformanceKit.All.Select(c => c.Capability).Should().BeSubsetOf(OverrideKeys.Capabilities);
    }

    [Fact]
    public async Task Reports_TellWhatFailedAndWhy()
    {
        var wrong = WrongVolumes.All.First();
        var report = await RunAsync(wrong.Open, [.. ConformanceKit.All.Where(c => c.Capability is "volumes" or "secretStore")]);
        var failed = report.Results.Where(r => r.Outcome == CheckOutcome.Failed).ToList();
        failed.Should().NotBeEmpty();

        var junit = XDocument.Parse(JUnitReport.Write(report));
        using var json = JsonDocument.Parse(JsonReport.Write(report));
        var markdown = MarkdownReport.Write(report);

        junit.Descendants("failure").Select(f => f.Attribute("message")!.Value).Should().Equal(failed.Select(f => f.Message));
        junit.Descendants("testcase").Should().HaveCount(report.Results.Length);
        json.RootElement.GetProperty("passed").GetBoolean().Should().BeFalse();
        json.RootElement.GetProperty("results").EnumerateArray().Count(r => r.GetProperty("outcome").GetString() == "notOffered").Should().BePositive();
        markdown.Should().ContainAll(failed.Select(f => f.Check.Id)).And.Contain("not passed");
    }

    private static Task<ConformanceReport> RunAsync(Func<IProvider> open, params ConformanceCheck[] checks) =>
        RunAsync(new ConformanceSubject("memory", "i", open) { Zone = MemoryDns.Zone }, checks);

    private static Task<ConformanceReport> RunAsync(ConformanceSubject subject, params ConformanceCheck[] checks) =>
        new ConformanceKit(TimeProvider.System).RunAsync(subject, checks.Length == 0 ? ConformanceKit.All : checks, Token);

    private sealed class Hangs : MemorySecretStore
    {
        public override async Task<Capabilities.Secret?> GetAsync(string name, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, CancellationToken.None);
            return null;
        }
    }
}
