using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Machines;

public sealed class MachineGrainTests : IAsyncLifetime
{
    private static readonly MachineAddress Volume = MachineAddress.OfEnvironment("dev").Capability(ResourceKinds.Volume, "data");
    private readonly TemporaryHome home = new();
    private readonly Shelf shelf = new();
    private GrainSilo silo = null!;

    public async ValueTask InitializeAsync() => silo = await GrainSilo.StartAsync(home, shelf);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Tombstone_OfAProviderThatIsGone_LeavesItsNameToAnother()
    {
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "data");
        await silo.Grains.GetGrain<ICapabilityGrain>(Volume.Key).DeleteAsync(made.Uid, 0, dataLossConsent: true, null);
        await silo.AwaitAsync(Volume, row => row.Phase == Phase.Deleted);
        await silo.Settings.DeleteAsync("laptop");
        await silo.DisposeAsync();
        silo = await GrainSilo.StartAsync(home, shelf);
        await silo.PutAsync("desk");

        var again = await silo.MakeVolumeAsync("desk", "data");

        again.Provider.Should().Be("desk");
    }

    [Fact]
    public async Task Machine_OfAProviderThatIsNotThere_IsBlockedWithTheReason()
    {
        await silo.ApplyAsync(Volume, "laptop");

        var blocked = await silo.AwaitAsync(Volume, row => row.Phase == Phase.Blocked);

        blocked.Condition!.Message.Should().Be("There is no provider laptop; apply its manifest.");
    }

    [Fact]
    public async Task Machine_WhoseProviderIsLost_AnswersAndSaysWhatIsMissing()
    {
        await silo.PutAsync("laptop");
        await silo.MakeVolumeAsync("laptop", "data");
        await silo.Settings.DeleteAsync("laptop");
        await silo.DisposeAsync();
        silo = await GrainSilo.StartAsync(home, shelf);

        await silo.Grains.GetGrain<ICapabilityGrain>(Volume.Key).NudgeAsync();

        var blocked = await silo.AwaitAsync(Volume, row => row.Phase == Phase.Blocked);
        blocked.Condition!.Message.Should().Be("There is no provider laptop; apply its manifest.");
        shelf.Objects.Should().ContainSingle();
    }
}
