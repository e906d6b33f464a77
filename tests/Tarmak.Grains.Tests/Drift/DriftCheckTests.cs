using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.State;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Drift;

public sealed class DriftCheckTests : IAsyncLifetime
{
    private readonly TemporaryHome home = new();
    private readonly Shelf shelf = new();
    private GrainSilo silo = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => silo = await GrainSilo.StartAsync(home, shelf);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        home.Dispose();
    }

    [Theory]
    [InlineData(GrainSilo.Spec, "b")]
    [InlineData(GrainSilo.OtherSpec, "a")]
    public async Task Sweep_AfterAChangeOfTheProvider_StillNoticesWhatIsGone(string spec, string team)
    {
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "data");
        await silo.PutAsync("laptop", spec, team);
        shelf.Objects.Clear();

        var sweeps = await silo.Drift.SweepAsync(static _ => false, Token);

        sweeps.Should().ContainSingle().Which.Woken.Should().Equal(made.Address);
        var again = await silo.AwaitAsync(made.Address, row => row.Phase == Phase.Ready && row.ObjectId != made.ObjectId);
        shelf.Objects.Keys.Should().Equal(again.ObjectId);
    }

    [Fact]
    public async Task Sweep_NothingIsGone_WakesNobody()
    {
        await silo.PutAsync("laptop");
        await silo.MakeVolumeAsync("laptop", "data");

        (await silo.Drift.SweepAsync(static _ => false, Token)).Should().ContainSingle().Which.Woken.Should().BeEmpty();
    }

    [Fact]
    public async Task Sweep_OneProviderThrowsWhateverItLikes_TheOthersAreLookedAt()
    {
        await silo.PutAsync("laptop");
        await silo.PutAsync("desk", GrainSilo.OtherSpec);
        await silo.MakeVolumeAsync("laptop", "data");
        var other = await silo.MakeVolumeAsync("desk", "data", "prod");
        shelf.Objects.Clear();
        shelf.Listing = name => _ = name == "laptop" ? throw new System.Text.Json.JsonException("torn") : name;

        var sweeps = await silo.Drift.SweepAsync(static _ => false, Token);

        sweeps.Single(s => s.Provider == "laptop").Failure!.Message.Should().Be("torn");
        sweeps.Single(s => s.Provider == "desk").Woken.Should().Equal(other.Address);
    }

    [Fact]
    public async Task Sweep_TwoProvidersOnOneAccount_ListsItOnce_AndWakesTheMachinesOfBoth()
    {
        await silo.PutAsync("laptop");
        await silo.PutAsync("desk");
        var (one, other) = (await silo.MakeVolumeAsync("laptop", "data"), await silo.MakeVolumeAsync("desk", "data", "prod"));
        shelf.Objects.Clear();
        var lists = 0;
        shelf.Listing = _ => Interlocked.Increment(ref lists);

        var sweeps = await silo.Drift.SweepAsync(static _ => false, Token);

        sweeps.SelectMany(s => s.Woken).Should().BeEquivalentTo([one.Address, other.Address]);
        lists.Should().Be(1);
    }

    [Fact]
    public async Task Sweep_OfAListOfSeveralPages_TakesALeaseForEach_AndWakesOnlyWhatIsOnNone()
    {
        shelf.ApiLimits = [new ApiLimit("lists", new CallRate(4, 0.0001), []) { CountsLists = true }];
        shelf.PageSize = 2;
        await silo.PutAsync("laptop");
        List<InventoryRow> made = [];
        for (var n = 0; n < 6; n++)
        {
            made.Add(await silo.MakeVolumeAsync("laptop", $"v{n}"));
        }

        var gone = made[3];
        shelf.Objects.TryRemove(gone.ObjectId!, out _).Should().BeTrue();
        var pages = 0;
        shelf.Listing = _ => Interlocked.Increment(ref pages);

        var first = await silo.Drift.SweepAsync(static _ => false, Token);

        first.Should().ContainSingle().Which.Woken.Should().Equal(gone.Address);
        pages.Should().Be(3);
    }

    [Fact]
    public async Task Notice_RightAfterAStart_OpensTheProvidersThatTheInventoryNames()
    {
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "data");
        await silo.DisposeAsync();
        silo = await GrainSilo.StartAsync(home, shelf);
        silo.Providers.Opened.Should().BeEmpty();
        shelf.Objects.Clear();

        var sweeps = await silo.Drift.NoticeAsync(Token);

        sweeps.Should().ContainSingle().Which.Woken.Should().Equal(made.Address);
    }

    [Fact]
    public async Task Sweep_OfAKindThatIsNotListed_LooksAtWhatIsDue()
    {
        await silo.PutAsync("laptop");
        shelf.ListedKinds.Clear();
        var (due, other) = (await silo.MakeVolumeAsync("laptop", "due"), await silo.MakeVolumeAsync("laptop", "other"));
        shelf.Objects.Clear();

        var sweeps = await silo.Drift.SweepAsync(key => key == due.Address.Key, Token);

        sweeps.Should().ContainSingle().Which.Woken.Should().Equal(due.Address).And.NotContain(other.Address);
        await silo.AwaitAsync(due.Address, row => row.Phase == Phase.Ready && row.ObjectId != due.ObjectId);
    }

    [Fact]
    public async Task Sweep_ObjectsThatNoMachineHas_AreNamed()
    {
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "data");
        var marks = shelf.Objects[made.ObjectId!];
        shelf.Objects["of-nobody"] = marks with { Owner = "dev#volume/other" };
        shelf.Objects["of-an-earlier-one"] = marks with { Uid = "earlier" };

        var sweeps = await silo.Drift.SweepAsync(static _ => false, Token);

        sweeps.Single().Strays.Select(s => s.ObjectId).Should().BeEquivalentTo("of-nobody", "of-an-earlier-one");
    }
}
