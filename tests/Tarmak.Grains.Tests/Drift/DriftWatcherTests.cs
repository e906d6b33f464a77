using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tarmak.Grains.Budgets;
using Tarmak.Grains.Drift;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Tests.Drift;

public sealed class DriftWatcherTests : IAsyncLifetime
{
    private readonly TemporaryHome home = new();
    private readonly Shelf shelf = new();
    private readonly FakeTimeProvider time = new();
    private GrainSilo silo = null!;
    private DriftWatcher watcher = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        silo = await GrainSilo.StartAsync(home, shelf);
        watcher = new DriftWatcher(
            silo.Providers, silo.Services.GetRequiredService<IMachineStore>(), silo.Grains,
            new DriftCheck(silo.Providers, silo.Inventory, silo.Services.GetRequiredService<CallBudgets>(), silo.Grains, time), time, NullLogger<DriftWatcher>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await watcher.StopAsync(CancellationToken.None);
        watcher.Dispose();
        await silo.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Watcher_ProviderChangedUnderIt_NoticesByItsNextSweep()
    {
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "data");
        await watcher.StartAsync(Token);

        await silo.PutAsync("laptop", GrainSilo.OtherSpec);
        shelf.Objects.Clear();

        await AdvanceUntilAsync(silo.AwaitAsync(made.Address, row => row.Phase == Phase.Ready && row.ObjectId != made.ObjectId));
    }

    [Fact]
    public async Task Watcher_ListingFailsUnforeseen_GoesOn()
    {
        await silo.PutAsync("laptop");
        await silo.MakeVolumeAsync("laptop", "data");
        var listed = new CountdownEvent(3);
        var thrice = Task.Run(() => listed.Wait(Token), Token);
        shelf.Listing = _ =>
        {
            listed.Signal();
            throw new InvalidOperationException("unforeseen");
        };

        await watcher.StartAsync(Token);

        await AdvanceUntilAsync(thrice);
        watcher.ExecuteTask!.IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Watcher_EventsBreakOff_AreAskedForAgain()
    {
        await silo.PutAsync("laptop");
        await silo.MakeVolumeAsync("laptop", "data");
        var third = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shelf.Watching = number =>
        {
            if (number < 3)
            {
                throw new InvalidOperationException($"broken {number}");
            }

            third.TrySetResult();
        };

        await watcher.StartAsync(Token);

        await AdvanceUntilAsync(third.Task);
    }

    private async Task AdvanceUntilAsync(Task met)
    {
        while (!met.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await met;
    }
}
