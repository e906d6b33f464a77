using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Tarmak.Providers.Plugins.Installation;

namespace Tarmak.Providers.Plugins.Tests;

/// <summary>The example plugin in Python, installed into a home of its own by its own script.</summary>
public sealed class Shelf : IAsyncLifetime
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("tarmak-shelf-");
    private readonly List<PluginProviderFactory> factories = [];

    public string Home => home.FullName;

    public string Folder => Path.Combine(Home, "plugins", "shelf");

    public string KeyFile => Path.Combine(Home, "shelf.key");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(KeyFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");
        await RunAsync(Path.Combine(Root, "docs/examples/plugins/shelf/install"), Home);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var factory in factories)
        {
            await factory.DisposeAsync();
        }

        home.Delete(recursive: true);
    }

    /// <summary>The plugin with a process of its own.</summary>
    internal PluginProviderFactory Open()
    {
        var factory = new PluginProviderFactory(PluginFolder.Read(Folder), new PluginLimits(), NullLogger.Instance, TimeProvider.System);
        factories.Add(factory);
        return factory;
    }

    internal ProviderSettings Settings(string name = "office", string? keyFile = null) => new(
        name, "shelf", "i", Home, new Dictionary<string, string> { [ProviderOptions.CredentialsFile] = keyFile ?? KeyFile });

    internal static string Root { get; } = Path.GetFullPath("../..", Path.GetDirectoryName(ThisFile())!);

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "{0} said {1}{2}", program, await output, await errors);
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
