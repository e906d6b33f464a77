using System.Globalization;
using System.Text.Json;
using Tarmak.EndToEnd.Tests.Harness;
using Tarmak.Providers.Rfc2136.Tests;

namespace Tarmak.EndToEnd.Tests.Moves;

/// <summary>A live cluster of which everything that can move does, to other providers, with the engine killed on the way.</summary>
public sealed class RebindTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LiveCluster_BoundAnewAndTheEngineKilled_IsMovedWholeAndNoMachineIsTouched()
    {
        await using var office = new Bind();
        await office.InitializeAsync();
        using var containers = new ContainerEngine();
        await using var installation = await Installation.CreateAsync("10.94.0.0/16");
        await installation.UpAsync(Token);
        var before = await Etcd.OfAsync(installation, Token);
        await before.PutAsync("kept", "through the move", Token);
        var authority = await File.ReadAllTextAsync(before.AuthorityFile, Token);
        var machines = await IdsAsync(containers, installation);
        var backups = Backups();
        var kept = Buckets(installation, "laptop", "backups").Single();
        foreach (var (key, content) in backups)
        {
            // As the store keeps it: a folder for the object, a file for its version.
            Directory.CreateDirectory(Path.Combine(kept, key));
            await File.WriteAllBytesAsync(Path.Combine(kept, key, "0000000001"), content, Token);
        }

        await File.WriteAllTextAsync(installation.Manifest, Bound(await File.ReadAllTextAsync(installation.Manifest, Token), office), Token);
        await installation.MustAsync(Token, "apply", "-f", installation.Manifest);
        await installation.KillEngineAsync(Token);
        await installation.UpAsync(Token);
        await Eventually.SeeAsync("end of the moves", Patience, () => SettledAsync(installation), Token);

        (await IdsAsync(containers, installation)).Should().Equal(machines, "no machine has to do with where things are kept");
        SecretsAt(installation, "laptop").Should().BeEmpty();
        SecretsAt(installation, "vault").Should().Equal("s-authorities~dev~demo~etcd");
        new[] { "configuration", "state", "backups" }.SelectMany(use => Buckets(installation, "laptop", use)).Should().BeEmpty();
        new[] { "configuration", "state", "backups" }.Should().OnlyContain(use => Buckets(installation, "vault", use).Count() == 1);
        var moved = Buckets(installation, "vault", "backups").Single();
        Directory.GetDirectories(moved).Select(Path.GetFileName).Should().BeEquivalentTo(backups.Keys, "no object is lost, and none is left of trying");
        foreach (var (key, content) in backups)
        {
            (await File.ReadAllBytesAsync(Directory.GetFiles(Path.Combine(moved, key)).Order(StringComparer.Ordinal).Last(), Token)).Should().Equal(content);
        }

        (await DigAsync(office.Port, $"etcd.dev-demo.{Bind.Zone}")).Should().Be("127.0.0.1");
        var after = await Etcd.OfAsync(installation, Token);
        (await File.ReadAllTextAsync(after.AuthorityFile, Token)).Should().Be(authority, "the authority moved; it was not made anew");
        (await after.GetAsync("kept", Token)).Should().Be("through the move");
        after.NamedEndpoint.Should().StartWith($"https://etcd.dev-demo.{Bind.Zone}:");

        var refused = await installation.TarmakAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "dev/demo");
        refused.ExitCode.Should().NotBe(0);
        refused.Output.Should().Contain("Deleting environment dev deletes its backups, 3 objects.").And.Contain("--allow-data-loss dev#bucket/backups");
        await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
        Buckets(installation, "vault", "backups").Should().BeEmpty();
        (await DigAsync(office.Port, $"etcd.dev-demo.{Bind.Zone}")).Should().BeEmpty();
        SecretsAt(installation, "vault").Should().BeEmpty();
    }

    private static string Bound(string manifest, Bind office) => $$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Provider
        metadata: { name: vault }
        spec: { type: container }
        ---
        apiVersion: tarmak.io/v1alpha1
        kind: Provider
        metadata: { name: office }
        spec: { type: rfc2136, server: "127.0.0.1:{{office.Port}}", credentialsFrom: { file: {{office.KeyFile}} } }
        ---

        """ + manifest.Replace(
        "  provider: laptop\n",
        $$"""
          provider: laptop
          overrides:
            secretStore: { provider: vault }
            objectStorage: { provider: vault }
            backups: { provider: vault }
            dns: { provider: office, zone: {{Bind.Zone}} }

        """, StringComparison.Ordinal);

    private static async Task<object?> SettledAsync(Installation installation)
    {
        using var bindings = JsonDocument.Parse(await installation.MustAsync(Token, "get", "bindings", "dev", "-o", "json"));
        return bindings.RootElement.GetProperty("bindings").EnumerateArray().All(b => b.GetProperty("move").ValueKind == JsonValueKind.Null)
            && await installation.PhaseAsync("Ready", Token) is { } ready ? ready : null;
    }

    private static async Task<List<string>> IdsAsync(ContainerEngine containers, Installation installation) =>
        [.. (await containers.ContainersAsync(installation.Identity(), Token)).Select(c => c.ID).Order(StringComparer.Ordinal)];

    private static IEnumerable<string?> SecretsAt(Installation installation, string provider) =>
        Folders(Path.Combine(installation.Home, "providers", provider, "secrets")).Where(f => f!.Contains("~dev~", StringComparison.Ordinal));

    private static IEnumerable<string> Buckets(Installation installation, string provider, string use)
    {
        var objects = Path.Combine(installation.Home, "providers", provider, "objects");
        return Folders(objects).Where(f => f!.Contains(use, StringComparison.Ordinal)).Select(f => Path.Combine(objects, f!));
    }

    /// <summary>Objects by the names of their folders; one is larger than what is copied at a time.</summary>
    private static Dictionary<string, byte[]> Backups()
    {
        var large = new byte[9 << 20];
        new Random(7).NextBytes(large);
        return new Dictionary<string, byte[]> { ["o-etcd%2F1"] = large, ["o-etcd%2F2"] = [1, 2, 3], ["o-empty"] = [] };
    }

    private static IEnumerable<string?> Folders(string path) => Directory.Exists(path) ? Directory.GetDirectories(path).Select(Path.GetFileName) : [];

    private static async Task<string> DigAsync(int port, string name) => (await Shell.RunAsync(
        "dig", ["+short", "+tries=5", "@127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), name, "A"], null, TimeSpan.FromMinutes(1), Token)).Output.Trim();
}
