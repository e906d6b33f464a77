using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Accounts;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Scenarios;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

/// <summary>The cloud's own interface, below any driver.</summary>
public sealed class SimulatedCloudTests : IDisposable
{
    private readonly VirtualClock clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => clock.Dispose();

    [Fact]
    public async Task SameSeed_SameCalls_TakeTheSameTimes_AndAnotherSeedOthers()
    {
        var (one, again, other) = (await TimesAsync(7, reversed: false), await TimesAsync(7, reversed: true), await TimesAsync(8, reversed: false));

        again.Should().BeEquivalentTo(one, "chances come of what a call is, not of the order calls come in");
        other.Should().NotBeEquivalentTo(one);
    }

    [Fact]
    public async Task Read_BeforeTheBound_MaySeeThePast_AndAfterItNever()
    {
        var cloud = Cloud(CloudProfiles.Default with { Latencies = [], Limits = [] });
        int unseen = 0, late = 0;
        for (var n = 0; n < 50; n++)
        {
            var made = await cloud.DescribeAsync(Create($"v{n}"), Token);
            unseen += await cloud.DescribeAsync(Describe(made!.Id), Token) is null ? 1 : 0;
            await Task.Delay(cloud.Profile.VisibilityBound, clock, Token);
            late += await cloud.DescribeAsync(Describe(made.Id), Token) is null ? 1 : 0;
            await cloud.DescribeAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.Volume) { Id = made.Id }, Token);
            await Task.Delay(cloud.Profile.VisibilityBound, clock, Token);
            late += await cloud.DescribeAsync(Describe(made.Id), Token) is null ? 0 : 1;
        }

        unseen.Should().BePositive();
        late.Should().Be(0);
    }

    [Fact]
    public async Task CallsOverTheLimit_AreRateLimited_AndNothingIsDone()
    {
        var cloud = Cloud(CloudProfiles.Default with { Latencies = [], Limits = CloudProfiles.Default.Limits.SetItem(ApiFamily.Volumes, new CallLimit(3, 1)) });

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => cloud.SendAsync(Create($"v{n}"), Token)));

        replies.Count(r => r.Refusal is null).Should().Be(3);
        replies.Where(r => r.Refusal is not null).Should().OnlyContain(r => r.Refusal!.Error == ErrorClass.RateLimited);
        cloud.Look(a => a.Count(Kinds.Volumes.Kind)).Should().Be(3);
    }

    [Fact]
    public async Task CreateOverTheQuota_IsRefused_UntilOneIsGone()
    {
        var cloud = Cloud(CloudProfiles.Default with { Quotas = CloudProfiles.Default.Quotas.SetItem(ResourceKinds.Volume, 1) });
        var first = await cloud.DescribeAsync(Create("a"), Token);

        var over = await cloud.SendAsync(Create("b"), Token);
        await cloud.AskAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.Volume) { Id = first!.Id }, Token);
        var after = await cloud.SendAsync(Create("b"), Token);

        over.Refusal!.Error.Should().Be(ErrorClass.QuotaExceeded);
        after.Refusal.Should().BeNull();
    }

    [Fact]
    public async Task CreateWithATokenThatIsKnown_IsTheFirstOne_AndWithOtherParametersRefused()
    {
        var cloud = Cloud();

        var first = await cloud.DescribeAsync(Create("a"), Token);
        var second = await cloud.DescribeAsync(Create("a"), Token);
        var other = await cloud.SendAsync(Create("a") with { Parameters = ResourceJson.Write(new VolumeSpec(9, "ssd", null)) }, Token);
        await cloud.AskAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.Volume) { Id = first!.Id }, Token);
        var afterwards = await cloud.SendAsync(Create("a"), Token);

        second!.Id.Should().Be(first.Id);
        other.Refusal!.Error.Should().Be(ErrorClass.InvalidSpec);
        afterwards.Refusal!.Error.Should().Be(ErrorClass.NotFound, "its token outlives an object");
    }

    [Fact]
    public async Task LostReply_IsDone_AndNotAnswered()
    {
        var cloud = Cloud(faults: new Fault { Kind = FaultKind.LoseReply, Method = CloudMethod.Create, Nth = 1 });

        var act = () => cloud.SendAsync(Create("a"), Token);

        await act.Should().ThrowAsync<NoAnswerException>();
        cloud.Look(a => a.Count(Kinds.Volumes.Kind)).Should().Be(1);
        (await cloud.SendAsync(Create("a"), Token)).Objects.Should().ContainSingle();
    }

    [Fact]
    public async Task Hang_IsNotDone_AndNotAnsweredUntilTheCallerGivesUp()
    {
        var cloud = Cloud(faults: new Fault { Kind = FaultKind.Hang });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40), clock);
        var begun = clock.GetUtcNow();

        var act = () => cloud.SendAsync(Create("a"), patience.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
        (clock.GetUtcNow() - begun).Should().Be(TimeSpan.FromSeconds(40));
        cloud.Look(a => a.Count(Kinds.Volumes.Kind)).Should().Be(0);
    }

    [Fact]
    public async Task Partial_LeavesAnUnfinishedObject()
    {
        var cloud = Cloud(faults: new Fault { Kind = FaultKind.Partial, Method = CloudMethod.Create });

        var act = () => cloud.SendAsync(Create("a"), Token);

        await act.Should().ThrowAsync<NoAnswerException>();
        cloud.Look(a => a.Find("vol-00000001"))!.State.Should().Be(CloudObjectState.Unfinished);
    }

    [Theory]
    [InlineData("b", null, new[] { false, true, false })]
    [InlineData(null, 2, new[] { false, true, false })]
    [InlineData("[bc]", 2, new[] { false, false, true })]
    public async Task Fault_IsPlacedByNameAndNumber(string? name, int? nth, bool[] refused)
    {
        var cloud = Cloud(faults: new Fault
        {
            Kind = FaultKind.Fail,
            Error = ErrorClass.ResourcesDepleted,
            Of = ResourceKinds.Volume,
            NameMatches = name is null ? null : new(name),
            Nth = nth,
        });

        List<bool> found = [];
        foreach (var each in new[] { "a", "b", "c" })
        {
            found.Add((await cloud.SendAsync(Create(each), Token)).Refusal?.Error == ErrorClass.ResourcesDepleted);
        }

        found.Should().Equal(refused);
    }

    [Fact]
    public async Task WhatStandsOnAnother_NeedsIt_AndKeepsIt()
    {
        var cloud = Cloud();
        var zone = await cloud.DescribeAsync(new CloudRequest(CloudMethod.Create, ResourceKinds.DnsZone) { Name = "z", Parameters = ResourceJson.Write(new DnsZoneSpec(null, "example.test")) }, Token);
        CloudRequest Record(string zoneId) => new(CloudMethod.Create, ResourceKinds.DnsRecordSet)
        {
            Name = "r",
            Parameters = ResourceJson.Write(new DnsRecordSetSpec(zoneId, "a.example.test", "A", 60, ["192.0.2.1"])),
        };

        var early = await cloud.SendAsync(Record("zone-00000099"), Token);
        var record = await cloud.DescribeAsync(Record(zone!.Id), Token);
        var used = await cloud.SendAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.DnsZone) { Id = zone.Id }, Token);
        await cloud.AskAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.DnsRecordSet) { Id = record!.Id }, Token);
        var free = await cloud.SendAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.DnsZone) { Id = zone.Id }, Token);

        early.Refusal!.Error.Should().Be(ErrorClass.DependencyMissing);
        used.Refusal!.Message.Should().Contain(record.Id);
        free.Refusal.Should().BeNull();
    }

    [Fact]
    public async Task History_IsForgotten_OnceNobodySeesIt()
    {
        var cloud = Cloud();
        var made = await cloud.DescribeAsync(Create("a"), Token);
        await cloud.AskAsync(new CloudRequest(CloudMethod.Delete, ResourceKinds.Volume) { Id = made!.Id }, Token);

        await Task.Delay(TimeSpan.FromHours(2), clock, Token);
        var again = await cloud.SendAsync(Create("a"), Token);

        again.Objects.Should().ContainSingle("its token is forgotten too").Which.Id.Should().NotBe(made.Id);
    }

    private async Task<Dictionary<string, TimeSpan>> TimesAsync(long seed, bool reversed)
    {
        var cloud = new SimulatedCloud(new Scenario(seed, CloudProfiles.Default, []), clock);
        Dictionary<string, TimeSpan> times = [];
        var names = Enumerable.Range(0, 10).Select(n => $"v{n}");
        foreach (var name in reversed ? names.Reverse() : names)
        {
            var begun = clock.GetUtcNow();
            await cloud.SendAsync(Create(name), Token);
            times[name] = clock.GetUtcNow() - begun;
        }

        return times;
    }

    private SimulatedCloud Cloud(CloudProfile? profile = null, params Fault[] faults) => new(new Scenario(1, profile ?? CloudProfiles.Default, faults), clock);

    private static CloudRequest Create(string name) => new(CloudMethod.Create, ResourceKinds.Volume)
    {
        Name = name,
        Token = name,
        Marks = Tests.Calls.Of(name).Marks,
        Incarnation = 1,
        Parameters = ResourceJson.Write(new VolumeSpec(1, "ssd", null)),
    };

    private static CloudRequest Describe(string id) => new(CloudMethod.Describe, ResourceKinds.Volume) { Id = id };
}
