using Tarmak.Grains.Tests.Hosting;
using Tarmak.Grains.Tests.Storage;

namespace Tarmak.Grains.Tests.Providers;

public sealed class ProviderCatalogTests : IAsyncLifetime
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

    [Fact]
    public async Task Put_OtherLabelsOnly_KeepsTheProviderOpen()
    {
        await silo.PutAsync("laptop");
        var before = await silo.Providers.GetAsync("laptop", Token);

        await silo.PutAsync("laptop", team: "b");

        silo.Providers.Opened.Should().ContainSingle().Which.Value.Should().BeSameAs(before);
    }

    [Fact]
    public async Task Put_OtherSpec_OpensAnewAndLeavesTheOldOneToThoseWhoUseIt()
    {
        await silo.PutAsync("laptop");
        var before = (ShelfProvider)await silo.Providers.GetAsync("laptop", Token);

        await silo.PutAsync("laptop", GrainSilo.OtherSpec);
        var after = await silo.Providers.GetAsync("laptop", Token);

        after.Should().NotBeSameAs(before);
        before.Disposed.Should().BeFalse();
        await silo.Providers.DisposeAsync();
        shelf.Opened.Should().HaveCount(2).And.OnlyContain(p => p.Disposed);
    }

    [Fact]
    public async Task Get_ForgottenWhileItIsOpened_ReadsTheSpecAgain()
    {
        await silo.PutAsync("laptop");
        List<string?> hosts = [];
        shelf.Opening = settings =>
        {
            hosts.Add(settings.Options.GetValueOrDefault("host"));
            if (hosts.Count == 1)
            {
                silo.PutAsync("laptop", GrainSilo.OtherSpec).GetAwaiter().GetResult();
            }
        };

        var opened = await Task.Run(async () => await silo.Providers.GetAsync("laptop", Token), Token);

        hosts.Should().Equal(null, "unix:///run/other.sock");
        opened.Should().BeSameAs(shelf.Opened.Last());
        shelf.Opened.First().Disposed.Should().BeTrue();
    }
}
