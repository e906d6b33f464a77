using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tarmak.Providers.Rfc2136.Tests;

/// <summary>A real BIND on a loopback port, with one zone and a key that may update all of it but one name.</summary>
public sealed class Bind : IAsyncLifetime
{
    public const string Zone = "k8s.office.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("tarmak-bind-");
    private Process? server;

    public int Port { get; private set; }

    public string KeyFile => Path.Combine(folder.FullName, "tarmak.key");

    public string WrongKeyFile => Path.Combine(folder.FullName, "wrong.key");

    /// <summary>The secret of the key, to look for where it must not be.</summary>
    public string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        [ProviderOptions.Server] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}"),
        [ProviderOptions.CredentialsFile] = KeyFile,
    };

    public async ValueTask InitializeAsync()
    {
        Port = FreePort();
        await File.WriteAllTextAsync(KeyFile, Key("tarmak", Secret));
        await File.WriteAllTextAsync(WrongKeyFile, Key("tarmak", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "zone"), $"""
            $TTL 60
            @ IN SOA ns1.{Zone}. hostmaster.{Zone}. 1 3600 600 86400 60
            @ IN NS ns1.{Zone}.
            ns1 IN A 127.0.0.1
            theirs IN A 192.0.2.99

            """);
        var configuration = Path.Combine(folder.FullName, "named.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            include "{{KeyFile}}";
            options {
                directory "{{folder.FullName}}"; pid-file none; session-keyfile none; managed-keys-directory "{{folder.FullName}}";
                listen-on port {{Port}} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; allow-query { 127.0.0.0/8; };
            };
            controls { };
            zone "{{Zone}}" { type primary; file "zone"; update-policy { deny tarmak name closed.{{Zone}} ANY; grant tarmak zonesub ANY; }; };

            """);
        server = Process.Start(new ProcessStartInfo("/usr/sbin/named", ["-f", "-n", "1", "-c", configuration]) { WorkingDirectory = folder.FullName })!;
        await AnswersAsync();
    }

    public ValueTask DisposeAsync()
    {
        server?.Kill();
        server?.WaitForExit();
        server?.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A port of the loopback address that nobody has at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Key(string name, string secret) => $$"""
        key "{{name}}" {
            algorithm hmac-sha256;
            secret "{{secret}}";
        };

        """;

    private async Task AnswersAsync()
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (begun.Elapsed < Patience && server is { HasExited: false })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}
