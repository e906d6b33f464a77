using System.Text.Json.Nodes;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Installation;
using Tarmak.Providers.Plugins.Processes;

namespace Tarmak.Providers.Plugins.Tests.Misbehaving;

/// <summary>The misbehaving plugin, installed beside the example under a type of its own.</summary>
internal sealed class BadPlugin : IAsyncDisposable
{
    public static readonly PluginLimits Impatient = new()
    {
        Handshake = TimeSpan.FromSeconds(10), Call = TimeSpan.FromSeconds(2), Health = TimeSpan.FromSeconds(1), Leaving = TimeSpan.FromSeconds(1), MessageBytes = 8 << 20, Listed = 1000,
    };

    private static int number;
    private readonly PluginProviderFactory factory;
    private readonly string folder;

    public BadPlugin(Shelf shelf, string mode, PluginLimits? limits = null)
    {
        folder = Path.Combine(shelf.Home, "plugins", $"bad-{Interlocked.Increment(ref number)}");
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(Shelf.Root, "tests/Tarmak.Providers.Plugins.Tests/Misbehaving/misbehaving.py"), Path.Combine(folder, "misbehaving.py"));
        var file = JsonNode.Parse(File.ReadAllText(Path.Combine(shelf.Folder, "plugin.json")))!;
        file["command"] = new JsonArray("/usr/bin/python3", "-B", "misbehaving.py");
        file["sheet"]!["capabilities"]![1]!["objects"]![0]!["callDeadlineSeconds"] = 2;
        File.WriteAllText(Path.Combine(folder, "plugin.json"), file.ToJsonString());
        Be(mode);
        factory = new PluginProviderFactory(PluginFolder.Read(folder), limits ?? Impatient, Log, TimeProvider.System);
        Provider = factory.Create(new ProviderSettings("bad", factory.Type, "i", shelf.Home, new Dictionary<string, string>()), new NoMachines());
    }

    public LogLines Log { get; } = new();

    public string Type => factory.Type;

    public IProvider Provider { get; }

    public ISecretStore Secrets => Provider.SecretStore!;

    public static ResourceCall Call(string name) => new()
    {
        Marks = new OwnerMarks("i", "dev", null, "uid", $"dev#bucket/{name}"),
        Name = name,
        Incarnation = 1,
        Token = name,
        ObjectId = name,
    };

    /// <summary>Changes what it does at its next start.</summary>
    public void Be(string mode) => File.WriteAllText(Path.Combine(folder, "mode"), mode);

    /// <summary>The process, once it runs.</summary>
    public async Task<PluginProcess> ProcessAsync(CancellationToken cancellationToken) => (await factory.Host.LinkAsync(cancellationToken)).Process!;

    public ValueTask DisposeAsync() => factory.DisposeAsync();
}
