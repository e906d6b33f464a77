using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Budgets;
using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines.Budgets;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Budgets;

/// <summary>Machines in a real silo, on the budget of their account.</summary>
public sealed class CallBudgetsTests : IAsyncLifetime
{
    private const int Volumes = 30;
    private static readonly CallRate Rate = new(10, 10);
    private readonly TemporaryHome home = new();
    private readonly Shelf shelf = new();
    private GrainSilo silo = null!;

    private CallBudgets Budgets => silo.Services.GetRequiredService<CallBudgets>();

    public async ValueTask InitializeAsync() => silo = await GrainSilo.StartAsync(home, shelf);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Machines_OfTwoProvidersOnOneAccount_BecomeReadyWithinWhatItDeclares()
    {
        shelf.ApiLimits = [new ApiLimit("volumes", Rate, [ResourceKinds.Volume])];
        var calls = new ConcurrentQueue<long>();
        shelf.Ensuring = _ =>
        {
            calls.Enqueue(Stopwatch.GetTimestamp());
            return null;
        };
        await silo.PutAsync("laptop");
        await silo.PutAsync("desk");
        var begun = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Volumes).Select(n => silo.MakeVolumeAsync(n % 2 == 0 ? "laptop" : "desk", $"v{n}", $"env{n % 3}")));

        calls.Should().HaveCount(Volumes);

        // A call may be later than it was let go, never earlier.
        Stopwatch.GetElapsedTime(begun, calls.Max()).TotalSeconds.Should().BeGreaterThan((Volumes - Rate.Burst) / Rate.PerSecond);
        Budgets.TryTake(Ask("laptop")).Should().BeNull("a declared limit is never passed by");
    }

    [Fact]
    public async Task Calls_NothingIsDeclared_AreMadeWithoutWaiting_UntilOneIsRefused()
    {
        var refusals = 1;
        shelf.Ensuring = _ => Interlocked.Decrement(ref refusals) >= 0 ? new StepOutcome.Failed(ErrorClass.RateLimited, "Too many calls.") : null;
        await silo.PutAsync("laptop");
        Budgets.TryTake(Ask("laptop")).Should().NotBeNull();

        await silo.MakeVolumeAsync("laptop", "data");

        // The same account by another name.
        await silo.PutAsync("desk");
        await silo.MakeVolumeAsync("desk", "data", "prod");
        Budgets.TryTake(Ask("laptop")).Should().BeNull();
        Budgets.TryTake(Ask("desk")).Should().BeNull();
        shelf.Objects.Should().HaveCount(2);
    }

    [Fact]
    public async Task Machine_DeletedWhileItWaits_GoesWithoutACall()
    {
        // One call, and no other in the time of this test.
        shelf.ApiLimits = [new ApiLimit("volumes", new CallRate(1, 0.0001), [ResourceKinds.Volume])];
        await silo.PutAsync("laptop");
        var made = await silo.MakeVolumeAsync("laptop", "first");
        var address = Tarmak.Machines.MachineAddress.OfEnvironment("dev").Capability(ResourceKinds.Volume, "second");
        await silo.ApplyAsync(address, "laptop");
        var waits = await silo.AwaitAsync(address, row => row.Condition?.Reason == Condition.BudgetSpent);

        await silo.Grains.GetGrain<ICapabilityGrain>(address.Key).DeleteAsync(waits.Uid, 0, dataLossConsent: true, null);

        await silo.AwaitAsync(address, row => row.Phase == Phase.Deleted);
        shelf.Objects.Keys.Should().Equal(made.ObjectId);
    }

    private static CallAsk Ask(string provider) => new(provider, ResourceKinds.Volume, false, CallClass.Create, "dev");
}
