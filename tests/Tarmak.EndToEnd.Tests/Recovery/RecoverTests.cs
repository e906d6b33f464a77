using System.Text.Json;
using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Recovery;

/// <summary>An engine whose home is lost, and one that takes its place from what it had exported.</summary>
public sealed class RecoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LostHome_Recovered_AdoptsEveryObjectChangesNoneAndGoesOnMending()
    {
        using var containers = new ContainerEngine();
        await using var proxy = new CountingProxy(containers.Socket);
        var cloud = Directory.CreateTempSubdirectory("tarmak-cloud-");
        try
        {
            await using var installation = await Installation.OfExampleAsync(
                Checkout.Quickstart,
                text => text.Replace("10.99.0.0/16", "10.93.0.0/16", StringComparison.Ordinal).Replace("{ type: container }", $"{{ type: container, directory: {cloud.FullName} }}", StringComparison.Ordinal),
                proxy.SocketPath);
            await installation.UpAsync(Token);
            var before = await Etcd.OfAsync(installation, Token);
            await before.PutAsync("kept", "by the cluster", Token);
            var authority = await File.ReadAllTextAsync(before.AuthorityFile, Token);
            var keyFile = Path.Combine(cloud.FullName, "recovery.key");
            await installation.MustAsync(Token, "recovery-key", "--out", keyFile);
            await Eventually.SeeAsync("whole export", Patience, () => ExportedAsync(installation), Token);
            var identity = installation.Identity();
            var owners = await containers.OwnersAsync(identity, Token);
            var machines = await RunningAsync(containers, identity);
            var edge = await EdgeAsync(containers, identity);
            var stored = Stored(cloud);

            await installation.KillEngineAsync(Token);
            Directory.Delete(installation.Home, recursive: true);
            proxy.Clear();
            var said = await installation.MustAsync(Token, "recover", "dev", "--from", "laptop", "--key-file", keyFile, "-f", installation.Manifest);

            said.Should().Contain("Environment dev is back as it was").And.Contain("Ready in");
            proxy.Calls.Where(c => !c.Contains("/exec", StringComparison.Ordinal)).Should().BeEmpty("everything is as it was recorded, so nothing is to be done");
            installation.Identity().Should().Be(identity);
            (await containers.OwnersAsync(identity, Token)).Should().Equal(owners);
            (await RunningAsync(containers, identity)).Should().Equal(machines, "no machine was made or started anew");
            (await EdgeAsync(containers, identity)).Should().Be(edge, "looking at machines runs programs in them, and changes nothing there");
            Stored(cloud).Should().Equal(stored, "neither a secret nor a bundle nor a rule was written anew");
            var after = await Etcd.OfAsync(installation, Token);
            (await File.ReadAllTextAsync(after.AuthorityFile, Token)).Should().Be(authority);
            (await after.GetAsync("kept", Token)).Should().Be("by the cluster");
            (await installation.TarmakAsync(Token, "plan", "-f", installation.Manifest)).Output.Should().Contain("Nothing to do");

            var lost = await containers.MachineAsync(identity, "dev/demo/etcd/1", Token);
            await containers.RemoveAsync(lost.ID, Token);
            await Eventually.SeeAsync("degraded cluster", Patience, () => installation.PhaseAsync("Degraded", Token), Token);
            await Eventually.SeeAsync("ready cluster", Patience, () => installation.PhaseAsync("Ready", Token), Token);
            (await containers.MachineAsync(identity, "dev/demo/etcd/1", Token)).ID.Should().NotBe(lost.ID);

            await installation.MustAsync(Token, "delete", "-f", installation.Manifest, "--yes", "--allow-data-loss", "all");
            (await containers.OwnersAsync(identity, Token)).Should().BeEmpty();
        }
        finally
        {
            cloud.Delete(recursive: true);
        }
    }

    private static async Task<object?> ExportedAsync(Installation installation)
    {
        using var bindings = JsonDocument.Parse(await installation.MustAsync(Token, "get", "bindings", "dev", "-o", "json"));
        var state = bindings.RootElement.GetProperty("bindings").EnumerateArray().Single(b => b.GetProperty("key").GetString() == "state");
        return state.GetProperty("standing").GetString()!.StartsWith("exported", StringComparison.Ordinal) ? state.GetProperty("key").GetString() : null;
    }

    private static async Task<string> EdgeAsync(ContainerEngine containers, string installation)
    {
        var edge = (await containers.ContainersAsync(installation, Token)).Single(c => c.Labels["tarmak.io/kind"] == "edge");
        return await containers.FileAsync(edge.ID, "/var/lib/tarmak-edge/state/state.json", Token);
    }

    /// <summary>All files that the provider keeps but those of the exports, which go on.</summary>
    private static List<string> Stored(DirectoryInfo cloud) =>
    [
        .. cloud.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => !f.FullName.Contains("-state-bucket-", StringComparison.Ordinal) && !f.FullName.EndsWith(".lock", StringComparison.Ordinal))
            .Select(f => FormattableString.Invariant($"{f.FullName} {f.Length} {f.LastWriteTimeUtc.Ticks}")).Order(StringComparer.Ordinal),
    ];

    /// <summary>Each container with the process it was started as.</summary>
    private static async Task<List<string>> RunningAsync(ContainerEngine containers, string installation)
    {
        List<string> running = [];
        foreach (var container in await containers.ContainersAsync(installation, Token))
        {
            using var details = JsonDocument.Parse(await containers.InspectAsync(container.ID, Token));
            running.Add($"{container.ID} {details.RootElement.GetProperty("State").GetProperty("Pid")}");
        }

        return [.. running.Order(StringComparer.Ordinal)];
    }
}
