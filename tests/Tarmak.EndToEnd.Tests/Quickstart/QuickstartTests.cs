using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using DnsClient;
using Tarmak.EndToEnd.Tests.Harness;

namespace Tarmak.EndToEnd.Tests.Quickstart;

/// <summary>The quickstart, as its user meets it.</summary>
public sealed class QuickstartTests(QuickstartFixture quickstart) : IClassFixture<QuickstartFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Installation Installation => quickstart.Installation;

    private Etcd Etcd => quickstart.Etcd;

    [Fact]
    public void Up_OnAFreshHome_TellsWhereTheTimeWentAndWhereTheClusterAnswers()
    {
        quickstart.UpOutput.Should().Contain("Where the time went").And.Contain(Etcd.Endpoint);
    }

    [Fact]
    public async Task Up_Again_MakesNothingNew()
    {
        var before = await quickstart.Containers.SnapshotAsync(Token);

        var output = await Installation.UpAsync(Token);

        output.Should().Contain("unchanged");
        (await quickstart.Containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task Host_WithItsRoutesToInstancesBlocked_NeverMissesThem()
    {
        await Installation.UpAsync(Token);

        (await quickstart.Routes.RefusedAsync(Token)).Should().Be(0, "the host dials the edge's published ports only");
    }

    [Fact]
    public async Task Plan_OfWhatIsThere_FindsNothingToDo()
    {
        (await Installation.TarmakAsync(Token, "plan", "-f", Installation.Manifest)).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Instances_OnceReady_HaveTwoReportsTheSecondUnchanged()
    {
        var list = await Installation.MustAsync(Token, "events", "dev/demo");
        list.Should().NotBeEmpty();
        foreach (var instance in new[] { "dev/demo/bastion-0", "dev/demo/etcd-0", "dev/demo/etcd-1", "dev/demo/etcd-2" })
        {
            var journal = await Installation.MustAsync(Token, "logs", instance);
            var runs = journal.Split('\n').Where(l => l.Contains("A run ended.", StringComparison.Ordinal)).ToList();
            runs.Should().HaveCountGreaterThanOrEqualTo(2, "{0} proves convergence by a second run", instance);
            runs[^1].Should().Contain("result=Unchanged");
        }
    }

    [Fact]
    public async Task Etcd_ThroughTheBalancer_PutsAndGets()
    {
        await Etcd.PutAsync("greeting", "hello", Token);

        (await Etcd.GetAsync("greeting", Token)).Should().Be("hello");
    }

    [Fact]
    public async Task Etcd_ByTheClustersName_AsTheEdgeAnswersIt_PutsAndGets()
    {
        var host = new Uri(Etcd.NamedEndpoint).Host;
        var server = IPEndPoint.Parse(await EdgeAnnotationAsync("tarmak.io/dns-endpoint"));

        var answer = await new LookupClient(new LookupClientOptions(server) { UseCache = false }).QueryAsync(host, QueryType.A, cancellationToken: Token);
        var address = answer.Answers.ARecords().Single().Address.ToString();

        (await Etcd.RunByNameAsync(host, address, Token, "put", "by-name", "found")).ExitCode.Should().Be(0);
        (await Etcd.RunByNameAsync(host, address, Token, "get", "by-name", "--print-value-only")).Output.Trim().Should().Be("found");
    }

    [Fact]
    public async Task Etcd_WithoutACertificate_IsRefused()
    {
        var result = await Etcd.RunAsync(withCertificate: false, Token, "get", "greeting");

        result.ExitCode.Should().NotBe(0);
        var endpoint = new Uri(Etcd.Endpoint);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(endpoint.Host, endpoint.Port, Token);
        await using var tls = new SslStream(tcp.GetStream());
        var anonymous = async () =>
        {
            // With TLS 1.3 the refusal of a missing certificate arrives with the first read.
            await tls.AuthenticateAsClientAsync(TrustOnlyTheCluster(endpoint.Host, null), Token);
            await tls.WriteAsync("GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n"u8.ToArray(), Token);
            await tls.ReadExactlyAsync(new byte[1], Token);
        };
        await anonymous.Should().ThrowAsync<Exception>().Where(e => e is IOException || e is AuthenticationException);
    }

    [Fact]
    public async Task Ssh_ToAnInstance_GoesThroughTheBastion()
    {
        (await Installation.MustAsync(Token, "ssh", "dev/demo/etcd-1", "--", "hostname")).Trim().Should().Be("etcd-1");
    }

    [Fact]
    public async Task Get_WithTheEngineUp_AnswersEachKindAsJson()
    {
        foreach (var kind in new[] { "environments", "clusters", "pools", "instances", "capabilities" })
        {
            using var json = JsonDocument.Parse(await Installation.MustAsync(Token, "get", kind, "-o", "json"));
            json.RootElement.GetProperty("items").GetArrayLength().Should().BePositive();
        }
    }

    [Fact]
    public async Task Get_AsYaml_CanBeAppliedAgainAndChangesNothing()
    {
        var printed = Path.Combine(Installation.Home, "printed.yaml");
        await File.WriteAllTextAsync(printed, await Installation.MustAsync(Token, "get", "clusters", "dev/demo", "-o", "yaml"), Token);

        var output = await Installation.MustAsync(Token, "apply", "-f", printed);

        output.Should().Contain("unchanged");
    }

    [Fact]
    public async Task RemovedMachine_IsNoticedAndMadeAgainWithItsData()
    {
        await Etcd.PutAsync("kept", "through a lost machine", Token);
        var lost = await quickstart.Containers.MachineAsync(Installation.Identity(), "dev/demo/etcd/2", Token);

        var removed = Stopwatch.GetTimestamp();
        await quickstart.Containers.RemoveAsync(lost.ID, Token);
        await Eventually.SeeAsync("degraded cluster", TimeSpan.FromSeconds(10), () => Installation.PhaseAsync("Degraded", Token), Token);
        var noticed = Stopwatch.GetElapsedTime(removed);
        await Eventually.SeeAsync("ready cluster", TimeSpan.FromMinutes(3), () => Installation.PhaseAsync("Ready", Token), Token);

        TestContext.Current.SendDiagnosticMessage($"noticed after {noticed.TotalSeconds:0.0} s, ready after {Stopwatch.GetElapsedTime(removed).TotalSeconds:0.0} s");
        (await quickstart.Containers.MachineAsync(Installation.Identity(), "dev/demo/etcd/2", Token)).ID.Should().NotBe(lost.ID);
        (await Etcd.GetAsync("kept", Token)).Should().Be("through a lost machine");

        // Asked on the machine itself, because nobody outside its network can: a member answers only with a quorum behind it.
        var health = await Installation.MustAsync(
            Token, "ssh", "dev/demo/etcd-2", "--", "sudo", "env", "ETCDCTL_API=3", "etcdctl", "--endpoints", "https://127.0.0.1:2379",
            "--cacert", "/etc/etcd/pki/client-ca.crt", "--cert", "/etc/etcd/pki/client.crt", "--key", "/etc/etcd/pki/client.key", "endpoint", "health", "2>&1");
        health.Should().Contain("is healthy");
    }

    [Fact]
    public async Task EverythingStopped_AsByAReboot_ComesBackWithItsDataAtTheNextUp()
    {
        await Etcd.PutAsync("kept-too", "through a reboot", Token);
        await Installation.MustAsync(Token, "down");
        (await Etcd.GetAsync("kept-too", Token)).Should().Be("through a reboot", "clusters serve without an engine");
        foreach (var container in await quickstart.Containers.ContainersAsync(Installation.Identity(), Token))
        {
            await quickstart.Containers.StopAsync(container.ID, Token);
        }

        await Installation.UpAsync(Token);

        (await Etcd.GetAsync("kept-too", Token)).Should().Be("through a reboot");
    }

    [Fact]
    public async Task SecondUp_BesideTheFirst_SharesTheEngine()
    {
        var results = await Task.WhenAll(
            Installation.TarmakAsync(Token, "up", "-f", Installation.Manifest),
            Installation.TarmakAsync(Token, "up", "-f", Installation.Manifest));

        results.Should().AllSatisfy(r => r.ExitCode.Should().Be(0, r.Output));
    }

    [Fact]
    public async Task TwoHomes_WithTheSameNames_LeaveEachOtherAlone()
    {
        var before = await quickstart.Containers.SnapshotAsync(Token);
        await using (var other = await Installation.CreateAsync("10.98.0.0/16"))
        {
            await other.UpAsync(Token);
            var etcd = await Etcd.OfAsync(other, Token);
            await etcd.PutAsync("whose", "the other's", Token);
            await Etcd.PutAsync("whose", "mine", Token);
            (await etcd.GetAsync("whose", Token)).Should().Be("the other's");

            await other.MustAsync(Token, "ssh", "dev/demo/etcd-0", "--", "true");

            await other.MustAsync(Token, "delete", "-f", other.Manifest, "--yes", "--allow-data-loss", "all");

            // The provider's manifest goes when the last environment has left it, a moment after that one is told gone.
            await Eventually.SeeAsync(
                "no files of the provider",
                TimeSpan.FromSeconds(10),
                () => Task.FromResult(Directory.Exists(Path.Combine(other.Home, "providers", "laptop")) ? null : "none"),
                Token);
            Directory.EnumerateFiles(Path.Combine(other.Home, "ssh"), "known_hosts.*").Should().BeEmpty("what was made for the cluster is gone");
        }

        (await Etcd.GetAsync("whose", Token)).Should().Be("mine");
        (await quickstart.Containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task TakenNetwork_IsRefusedBeforeAnythingIsMade_AndNamesAFreeOne()
    {
        var before = await quickstart.Containers.SnapshotAsync(Token);
        await using var other = await Installation.CreateAsync("10.99.0.0/16");

        var result = await other.TarmakAsync(Token, "up", "-f", other.Manifest);

        result.ExitCode.Should().Be(1, result.Output);
        result.Output.Should().MatchRegex(@"10\.99\.0\.0/16 overlaps .*\d+\.\d+\.\d+\.\d+/16 is free", "a free one is suggested");
        (await quickstart.Containers.SnapshotAsync(Token)).Should().BeEquivalentTo(before);
    }

    [Fact]
    public async Task DeleteWithoutConsent_LosesNothing()
    {
        var result = await Installation.TarmakAsync(Token, "delete", "-f", Installation.Manifest, "--yes");

        result.ExitCode.Should().Be(1);
        result.Output.Should().Contain("--allow-data-loss");
        (await Installation.PhaseAsync("Ready", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task Secrets_AreNowhereButWhereTheyBelong()
    {
        var home = Installation.Home;
        var planted = new Dictionary<string, byte[]>();
        foreach (var key in Directory.EnumerateFiles(Path.Combine(home, "providers"), "secrets.key", SearchOption.AllDirectories))
        {
            planted[key] = await File.ReadAllBytesAsync(key, Token);
        }

        planted["token"] = Encoding.ASCII.GetBytes((await File.ReadAllTextAsync(Path.Combine(home, "token"), Token)).Trim());
        planted["ssh"] = KeyBody(await File.ReadAllTextAsync(Path.Combine(home, "ssh", "id_ed25519"), Token));
        planted["client key"] = KeyBody(await File.ReadAllTextAsync(Etcd.KeyFile, Token));
        var machine = await quickstart.Containers.MachineAsync(Installation.Identity(), "dev/demo/etcd/0", Token);
        var onMachine = await Installation.MustAsync(Token, "ssh", "dev/demo/etcd-0", "--", "sudo", "cat", "/etc/tarmak/pki/etcd-server.key");
        planted["server key"] = KeyBody(onMachine);

        var places = new List<(string Name, byte[] Content)>();
        foreach (var file in Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).Where(f => !planted.ContainsKey(f)
            && Path.GetFileName(f) is not ("token" or "id_ed25519" or "client.key") && HasContent(f)))
        {
            var content = await ReadSharedAsync(file);
            places.Add((file, content));
            if (content is [0x1f, 0x8b, ..])
            {
                places.Add(($"{file}, unpacked", await UnpackAsync(content)));
            }
        }

        foreach (var container in await quickstart.Containers.ContainersAsync(Installation.Identity(), Token))
        {
            places.Add(($"inspect {container.Names[0]}", Encoding.UTF8.GetBytes(await quickstart.Containers.InspectAsync(container.ID, Token))));
        }

        foreach (var signal in new[] { "traces", "metrics", "logs" })
        {
            await Eventually.SeeAsync($"some {signal}", TimeSpan.FromSeconds(30), () => Task.FromResult(quickstart.Telemetry.Received(signal) is [var first, ..] ? first : null), Token);
            places.AddRange(quickstart.Telemetry.Received(signal).Select((body, number) => ($"{signal} {number}", body)));
        }

        places.Add(("events", Encoding.UTF8.GetBytes(await Installation.MustAsync(Token, "events", "dev/demo"))));
        places.Add(("journals", Encoding.UTF8.GetBytes(await Installation.MustAsync(Token, "logs", "dev/demo"))));
        places.Add(("command lines", Encoding.UTF8.GetBytes((await Shell.RunAsync("ps", ["-eo", "args"], null, TimeSpan.FromSeconds(20), Token)).Output)));

        places.Should().Contain(p => p.Name.EndsWith("unpacked", StringComparison.Ordinal), "bundles are searched as what they hold");
        foreach (var (secret, value) in planted)
        {
            foreach (var form in new[] { value, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(value)), Encoding.ASCII.GetBytes(Convert.ToBase64String(value)) })
            {
                foreach (var (place, content) in places)
                {
                    content.AsSpan().IndexOf(form).Should().Be(-1, "{0} must not be in {1}", secret, place);
                }
            }
        }

        machine.Should().NotBeNull();
    }

    [Fact]
    public async Task Telemetry_WhereAReceiverIsNamed_ShowsEveryLayerOfTheWayDown()
    {
        foreach (var (signal, word) in new[]
        {
            ("traces", "tarmak.command"), ("traces", "tarmak.step"), ("traces", "dev/demo/etcd/0#machine/main"), ("traces", "Microsoft.Orleans"),
            ("metrics", "tarmak.step.duration"), ("metrics", "tarmak.machine.phase_changes"), ("logs", "dev/demo"),
        })
        {
            await Eventually.SeeAsync(
                $"{word} among the {signal}",
                TimeSpan.FromSeconds(30),
                () => Task.FromResult(quickstart.Telemetry.Received(signal).FirstOrDefault(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0)),
                Token);
        }
    }

    // Sockets and locks hold nothing.
    private static bool HasContent(string file) =>
        !file.EndsWith(".sock", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal) && new FileInfo(file).Length > 0;

    private static byte[] KeyBody(string pem)
    {
        // The longest line of base64 is enough to know a key by, and holds no header that all keys share.
        var lines = pem.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 16 && !l.StartsWith("---", StringComparison.Ordinal)).ToList();
        return Encoding.ASCII.GetBytes(lines.Count > 2 ? lines[^2] : lines[^1]);
    }

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    private static async Task<byte[]> UnpackAsync(byte[] packed)
    {
        await using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Token);
        return content.ToArray();
    }

    private async Task<string> EdgeAnnotationAsync(string name)
    {
        using var json = JsonDocument.Parse(await Installation.MustAsync(Token, "get", "capabilities", "dev#edge/edge", "-o", "json"));
        return json.RootElement.GetProperty("metadata").GetProperty("annotations").GetProperty(name).GetString()!;
    }

    private SslClientAuthenticationOptions TrustOnlyTheCluster(string host, X509Certificate2? client)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(Etcd.AuthorityFile));
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = policy,
            ClientCertificates = client is null ? null : [client],
        };
    }
}
