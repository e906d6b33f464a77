using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Profiles;
using Tarmak.Providers.Simulated.Time;

namespace Tarmak.Providers.Simulated.Tests;

public sealed class RegistryTests : IDisposable
{
    private const string Range = "10.7.0.0/16";
    private const string OtherRange = "10.8.0.0/16";
    private const string Web = "demo/web";

    private static readonly InstanceGrant Pull = new(GrantPaths.Repository(Web), [GrantVerbs.Pull]);
    private static readonly InstanceGrant Both = Pull with { Verbs = [GrantVerbs.Pull, GrantVerbs.Push] };

    private readonly VirtualClock clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => clock.Dispose();

    [Theory]
    [InlineData("default")]
    [InlineData("no-tags")]
    public async Task Image_OfOneMachine_IsPulledByAnother_UntilItsGrantIsWithdrawn(string profile)
    {
        await using var place = new Place(clock, CloudProfiles.Find(profile)!);
        await place.RepositoryAsync(Range, Web);
        var pushes = await MachineAsync(place, Range, "10.7.0.10", "pushes", Both);
        var pulls = await MachineAsync(place, Range, "10.7.0.11", "pulls", Pull);
        await place.SettleAsync();

        var pushed = await UseAsync(place, pushes, GrantVerbs.Push);
        var pulled = await UseAsync(place, pulls, GrantVerbs.Pull);
        var mayNot = await UseAsync(place, pulls, GrantVerbs.Push);
        await place.IdentityAsync("pulls");
        await place.SettleAsync();

        pushed.Should().StartWith("sha256:");
        pulled.Should().Be(pushed);
        mayNot.Should().BeNull();
        (await UseAsync(place, pulls, GrantVerbs.Pull)).Should().BeNull();
        (await UseAsync(place, pushes, GrantVerbs.Pull)).Should().Be(pushed);
    }

    [Fact]
    public async Task Withdrawal_ShowsWithinTheBound_AndNotAlwaysAtOnce()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        await place.RepositoryAsync(Range, Web);
        var machine = await MachineAsync(place, Range, "10.7.0.10", "one", Both);
        await place.SettleAsync();
        await UseAsync(place, machine, GrantVerbs.Push);

        await place.IdentityAsync("one");
        List<string?> soon = [];
        for (var n = 0; n < 20; n++)
        {
            soon.Add(await UseAsync(place, machine, GrantVerbs.Pull));
        }

        await place.SettleAsync();

        soon.Should().Contain(digest => digest != null);
        (await UseAsync(place, machine, GrantVerbs.Pull)).Should().BeNull();
    }

    [Fact]
    public async Task Repository_OfAnotherEdge_LetsNobodyIn_ThatHasOneOfTheSameName()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        var here = await place.RepositoryAsync(Range, Web);
        var there = await place.RepositoryAsync(OtherRange, Web);
        var machine = await MachineAsync(place, Range, "10.7.0.10", "one", Both);
        var other = await MachineAsync(place, OtherRange, "10.8.0.10", "other", Both);
        await place.SettleAsync();
        var pushed = await UseAsync(place, machine, GrantVerbs.Push);

        var empty = () => UseAsync(place, other, GrantVerbs.Pull);

        there.RepositoryId.Should().NotBe(here.RepositoryId);
        (await empty.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.NotFound);
        (await UseAsync(place, other, GrantVerbs.Push)).Should().NotBe(pushed);
        (await UseAsync(place, machine, GrantVerbs.Pull)).Should().Be(pushed);
    }

    [Fact]
    public async Task Repository_ThatIsRemoved_TakesItsImages_AndLetsNobodyIn()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        await place.RepositoryAsync(Range, Web);
        var machine = await MachineAsync(place, Range, "10.7.0.10", "one", Both);
        await place.SettleAsync();
        await UseAsync(place, machine, GrantVerbs.Push);

        await place.RemoveRepositoryAsync(Range, Web);
        var gone = await UseAsync(place, machine, GrantVerbs.Pull);
        await place.RepositoryAsync(Range, Web);
        var empty = () => UseAsync(place, machine, GrantVerbs.Pull);

        gone.Should().BeNull();
        (await empty.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.NotFound);
    }

    [Fact]
    public async Task Machine_WithoutAnIdentity_IsRefused_AndOneThatIsNotThere_IsTold()
    {
        await using var place = new Place(clock, CloudProfiles.Default);
        await place.RepositoryAsync(Range, Web);
        var nobody = (await place.MachineAsync(Range, "10.7.0.10")).MachineId;
        await place.SettleAsync();

        var missing = () => UseAsync(place, "i-7fffffff", GrantVerbs.Pull);

        (await UseAsync(place, nobody, GrantVerbs.Pull)).Should().BeNull();
        (await UseAsync(place, nobody, GrantVerbs.Push)).Should().BeNull();
        (await missing.Should().ThrowAsync<ProviderException>()).Which.Error.Should().Be(ErrorClass.NotFound);
    }

    private static async Task<string> MachineAsync(Place place, string range, string address, string instance, params ImmutableArray<InstanceGrant> grants) =>
        (await place.MachineAsync(range, address, identity: await place.IdentityAsync(instance, grants))).MachineId;

    private static Task<string?> UseAsync(Place place, string machine, string verb) => place.Provider.StandIn.UseRepositoryAsync(machine, verb, Web, "one", Token);
}
