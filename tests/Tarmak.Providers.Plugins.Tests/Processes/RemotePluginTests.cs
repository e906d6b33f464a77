using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance;
using Tarmak.Providers.Plugins.Installation;
using Tarmak.Providers.Plugins.Tests.Misbehaving;

namespace Tarmak.Providers.Plugins.Tests.Processes;

/// <summary>The example plugin as it runs elsewhere: at an address, over mutual TLS.</summary>
public sealed class RemotePluginTests(Shelf shelf) : IClassFixture<Shelf>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly PluginLimits Limits = new() { FirstWait = TimeSpan.FromMilliseconds(100), LongestWait = TimeSpan.FromMilliseconds(100), HealthEvery = TimeSpan.FromMilliseconds(200) };

    private readonly TestAuthority authority = new(Path.Combine(shelf.Home, Guid.NewGuid().ToString("N")));
    private readonly TestAuthority stranger = new(Path.Combine(shelf.Home, Guid.NewGuid().ToString("N")));
    private readonly List<PluginProviderFactory> factories = [];
    private readonly int port = FreePort();
    private Process? plugin;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var factory in factories)
        {
            await factory.DisposeAsync();
        }

        await StopAsync();
        authority.Dispose();
        stranger.Dispose();
    }

    [Fact]
    public async Task Plugin_Elsewhere_PassesTheKitAndIsUsedAgainAfterItsRestart()
    {
        Start(authority, authority);
        var provider = Open("elsewhere", authority, authority);
        await AnswersAsync(provider);

        var report = await new ConformanceKit(TimeProvider.System).RunAsync(
            new ConformanceSubject("elsewhere", "i", () => provider), ConformanceKit.All.Where(c => c.Capability == CapabilityNames.SecretStore && c.Group is CheckGroup.Sheet or CheckGroup.Behaviour), Token);
        await StopAsync();
        var refused = (await FluentActions.Awaiting(() => UntilLostAsync(provider)).Should().ThrowAsync<ProviderException>()).Which;
        Start(authority, authority);
        await AnswersAsync(provider);

        report.Results.Select(r => (r.Check.Id, r.Outcome, r.Message)).Should().OnlyContain(r => r.Outcome == CheckOutcome.Passed);
        refused.Error.Should().Be(ErrorClass.Transient);
    }

    [Fact]
    public async Task Engine_OfAnotherAuthority_IsNotLetIn()
    {
        Start(authority, authority);
        await AnswersAsync(Open("trusted", authority, authority));

        var refused = await FluentActions.Awaiting(() => Open("untrusted", authority, stranger).SecretStore!.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Unauthenticated);
        refused.Which.Message.Should().Match("Plugin shelf at https://127.0.0.1:* ends the connection as soon as it is made, as one does that does not trust the engine's certificate; compare authority, certificate and key on both sides.");
    }

    [Fact]
    public async Task Plugin_OfAnotherAuthority_IsNotSpokenTo()
    {
        Start(stranger, authority);
        await AnswersAsync(Open("its-own", stranger, authority));

        var refused = await FluentActions.Awaiting(() => Open("imposter", authority, authority).SecretStore!.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Unauthenticated);
        refused.Which.Message.Should().Contain("do not trust each other's certificates");
    }

    [Fact]
    public async Task Plugin_AtAnAddressWhereNobodyIs_IsTransient()
    {
        var refused = await FluentActions.Awaiting(() => Open("nobody", authority, authority).SecretStore!.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Transient);
        refused.Which.Message.Should().Match("Plugin shelf cannot be reached at https://127.0.0.1:*: *");
    }

    [Fact]
    public async Task Plugin_WhoseKeyFileIsMissing_IsToldWithTheFile()
    {
        var provider = Open("keyless", authority, authority, key: "/nowhere/engine.key");

        var refused = await FluentActions.Awaiting(() => provider.SecretStore!.GetAsync("a", Token)).Should().ThrowAsync<ProviderException>();

        refused.Which.Error.Should().Be(ErrorClass.Unauthenticated);
        refused.Which.Message.Should().Contain("/nowhere/engine.key");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task UntilLostAsync(IProvider provider)
    {
        var begun = Stopwatch.StartNew();
        while (begun.Elapsed < Patience)
        {
            await provider.SecretStore!.GetAsync("a", Token);
        }
    }

    private static async Task AnswersAsync(IProvider provider)
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await provider.SecretStore!.GetAsync("a", Token);
                return;
            }
            catch (ProviderException) when (begun.Elapsed < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
            }
        }
    }

    private void Start(TestAuthority ofPlugin, TestAuthority ofEngines)
    {
        var (certificate, key) = ofPlugin.Issue("plugin");
        plugin = Process.Start(new ProcessStartInfo("/usr/bin/python3", [
            "-B", "shelf.py", "--listen", $"127.0.0.1:{port}", "--authority", ofEngines.CertificateFile, "--certificate", certificate, "--key", key,
            "--data", Path.Combine(shelf.Home, "elsewhere")]) { WorkingDirectory = shelf.Folder });
    }

    private async Task StopAsync()
    {
        if (plugin is not null)
        {
            plugin.Kill();
            await plugin.WaitForExitAsync(CancellationToken.None);
            plugin.Dispose();
            plugin = null;
        }
    }

    private IProvider Open(string name, TestAuthority ofPlugin, TestAuthority ofEngine, string? key = null)
    {
        // The type of the example, under an address; the folder's name is the type, so its folder is another's child.
        var folder = Directory.CreateDirectory(Path.Combine(shelf.Home, name, "shelf")).FullName;
        var (certificate, keyFile) = ofEngine.Issue("engine");
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(shelf.Folder, "plugin.json")))!.AsObject();
        file.Remove("command");
        file["address"] = $"https://127.0.0.1:{port}";
        file["authority"] = ofPlugin.CertificateFile;
        file["certificate"] = certificate;
        file["key"] = key ?? keyFile;
        File.WriteAllText(Path.Combine(folder, "plugin.json"), file.ToJsonString());
        var factory = new PluginProviderFactory(PluginFolder.Read(folder), Limits, new LogLines(), TimeProvider.System);
        factories.Add(factory);
        return factory.Create(shelf.Settings(name), new NoMachines());
    }
}
