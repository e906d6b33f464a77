using Microsoft.Extensions.DependencyInjection;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Plugins.Tests.Installation;

public sealed class RegistrationTests : IDisposable
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("tarmak-plugins-");

    public void Dispose() => home.Delete(recursive: true);

    [Fact]
    public async Task AddPlugins_OneThatCannotBeUsed_KeepsNoOtherFromIt()
    {
        Write("good", Example);
        Write("broken", """{ "command": ["x"] }""");
        await using var services = Build();

        var sheets = new ProviderSheets(services.GetServices<IProviderFactory>());

        sheets.Types.Should().Equal("broken", "good");
        sheets.OfType("good")!.Capabilities.Should().NotBeEmpty();
        sheets.OfType("broken")!.Capabilities.Should().BeEmpty();
        sheets.OfType("broken")!.Summary.Should().Match("Cannot be used: *plugin.json: sheet is missing.");
        var use = () => services.GetServices<IProviderFactory>().Single(f => f.Type == "broken")
            .Create(new ProviderSettings("mine", "broken", "i", home.FullName, new Dictionary<string, string>()), new NoMachines());
        use.Should().Throw<ProviderException>().Where(e => e.Error == ErrorClass.Terminal)
            .WithMessage("Provider mine is of type broken, whose plugin cannot be used: *sheet is missing. Mend it, and start the engine again.");
    }

    [Fact]
    public async Task AddPlugins_OneOfATypeThatTheEngineHas_IsHidden()
    {
        Write("paper", Example);
        await using var services = Build(new UnusablePluginFactory("paper", "the engine's own"));

        new ProviderSheets(services.GetServices<IProviderFactory>()).OfType("paper")!.Summary.Should().Contain("the engine's own");
    }

    private static string Example => File.ReadAllText(Path.Combine(Shelf.Root, "docs/examples/plugins/shelf/plugin.json"));

    private ServiceProvider Build(params IProviderFactory[] own)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        foreach (var factory in own)
        {
            services.AddSingleton(factory);
        }

        return services.AddPlugins(home.FullName).BuildServiceProvider();
    }

    private void Write(string type, string text) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(home.FullName, "plugins", type)).FullName, "plugin.json"), text);
}
