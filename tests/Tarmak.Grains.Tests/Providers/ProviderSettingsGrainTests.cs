using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Grains.Storage;
using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;

namespace Tarmak.Grains.Tests.Providers;

public sealed class ProviderSettingsGrainTests : IAsyncLifetime
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;
    private readonly TemporaryHome home = new();
    private GrainSilo silo = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => silo = await GrainSilo.StartAsync(home, new Shelf());

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        home.Dispose();
    }

    [Fact]
    public async Task Deletion_WhileEnvironmentsLeave_OutlivesTheEngineAndEndsWithThem()
    {
        await silo.PutAsync("desk");
        await silo.PutAsync("laptop");
        var (stuck, leaving) = (await UseAsync("prod", "desk"), await UseAsync("dev", "laptop"));

        (await silo.Settings.DeleteAsync("desk")).Action.Should().Be("deleting");
        (await silo.Settings.DeleteAsync("laptop")).Action.Should().Be("deleting");
        await silo.DisposeAsync();
        silo = await GrainSilo.StartAsync(home, silo.Shelf);

        (await silo.Settings.LetGoAsync()).Should().BeEmpty();
        silo.Shelf.FilesRemoved.Should().BeEmpty("both are needed still");
        await LeaveAsync("dev", leaving);
        (await silo.Settings.LetGoAsync()).Should().Equal("laptop");
        silo.Shelf.FilesRemoved.Should().Equal("laptop");
        await LeaveAsync("prod", stuck);
        (await silo.Settings.LetGoAsync()).Should().Equal("desk");
        (await silo.Settings.ListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Deletion_ProviderAppliedAgain_IsTakenBack()
    {
        await silo.PutAsync("laptop");
        var etag = await UseAsync("dev", "laptop");
        await silo.Settings.DeleteAsync("laptop");

        (await silo.PutAsync("laptop")).Action.Should().Be("changed");

        await LeaveAsync("dev", etag);
        (await silo.Settings.LetGoAsync()).Should().BeEmpty();
        (await silo.Settings.ListAsync()).Should().ContainSingle().Which.Deleting.Should().BeFalse();
    }

    [Fact]
    public async Task Deletion_OfAProviderNobodyUses_IsDoneAtOnce()
    {
        await silo.PutAsync("laptop");

        await silo.Settings.DeleteAsync("laptop");

        silo.Shelf.FilesRemoved.Should().Equal("laptop");
        (await silo.Settings.ListAsync()).Should().BeEmpty();
    }

    private IMachineStore Store => silo.Services.GetRequiredService<IMachineStore>();

    private Task<string> UseAsync(string environment, string provider) => Store.WriteAsync(State(environment, provider, Phase.Ready), null, Sample.NoEvents, Token);

    private Task<string> LeaveAsync(string environment, string etag) => Store.WriteAsync(State(environment, "any", Phase.Deleted), etag, Sample.NoEvents, Token);

    private static MachineState State(string environment, string provider, Phase phase)
    {
        var spec = new EnvironmentSpec { Provider = provider };
        var desired = new EnvironmentDesired { Environment = new Declared<EnvironmentSpec>(1, spec, Nothing, Nothing) };
        var state = Sample.State(MachineAddress.OfEnvironment(environment), 1, phase);
        return state with { Desired = state.Desired! with { Spec = DesiredJson.Write(desired) } };
    }
}
