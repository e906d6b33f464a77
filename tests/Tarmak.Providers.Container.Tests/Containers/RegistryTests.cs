using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Identities;
using X509Request = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Tarmak.Providers.Container.Tests.Containers;

/// <summary>The edge's registry, measured by real calls of a real machine; what every registry must do the kit's checks measure.</summary>
[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class RegistryTests(EngineFixture fixture)
{
    private const string Gateway = "10.213.20.2";
    private const string Web = "demo/web";
    private const string Other = "demo/other";
    private const string Refused = "exit 3";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registry_LetsInByCertificateAndGrant_AndByNothingElse()
    {
        using var authority = Authority("engine");
        using var stranger = Authority("stranger");
        await using var cloud = new Cloud(fixture);
        var edge = await cloud.EdgeAsync(authority.ExportCertificatePem());
        var network = await cloud.InnerAsync("10.213.20.0/24");
        await cloud.MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(
            cloud.Provider.Network.EdgeAttachments, "attachment", new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, Gateway));
        var web = await RepositoryAsync(cloud, edge, "web", Web);
        await RepositoryAsync(cloud, edge, "other", Other);
        await IdentityAsync(cloud, edge, "builder", [Web, Other], AccessIdentityDriver.RegistryPush);
        await IdentityAsync(cloud, edge, "worker", [Web]);
        var machine = (await cloud.MakeAsync<MachineSpec, MachineOutputs>(
            cloud.Provider.Compute.Machines, "machine", (await cloud.SpecAsync(network, "10.213.20.10")) with { Gateway = Gateway })).MachineId;
        var request = await RunAsync(machine, "umask 077; mkdir -p /var/lib/tarmak/agent; cd /var/lib/tarmak/agent; openssl ecparam -name prime256v1 -genkey -noout -out agent.key; openssl req -new -key agent.key -subj /CN=x");
        await PutAsync(machine, "/run/registry.pem", web.AuthorityCertificate!);

        // A policy lets a builder push; the pull of another instance brings the same image.
        await BeAsync(machine, Sign(authority, request, "builder"));
        var pushed = await UseAsync(machine, "push", Web);
        pushed.Should().StartWith("sha256:");
        (await UseAsync(machine, "push", Other)).Should().StartWith("sha256:");
        await BeAsync(machine, Sign(authority, request, "worker"));
        (await UseAsync(machine, "pull", Web)).Should().Be(pushed);
        (await UseAsync(machine, "push", Web)).Should().Contain(Refused, "an instance may not push");
        (await UseAsync(machine, "pull", Other)).Should().Contain(Refused);

        // Who has no certificate, or one that the engine did not sign, gets no answer; who is nobody here gets none either.
        await BeAsync(machine, Sign(stranger, request, "worker"));
        (await UseAsync(machine, "pull", Web)).Should().Contain(Refused, "its certificate is not the engine's");
        (await CurlAsync(machine, "/v2/demo/web/manifests/one", certificate: false)).Should().Be("000", "anonymous callers do not get through the handshake");
        await BeAsync(machine, Sign(authority, request, "nobody"));
        (await UseAsync(machine, "pull", Web)).Should().Contain(Refused);

        // No spelling of a path leads round the grant.
        await BeAsync(machine, Sign(authority, request, "worker"));
        (await CurlAsync(machine, "/v2/")).Should().Be("200");
        (await CurlAsync(machine, "/v2/demo/web/tags/list")).Should().Be("200");
        foreach (var path in new[]
        {
            "/v2/_catalog", "/v2/demo/other/tags/list", "/v2/demo/web/../other/tags/list", "/v2/demo/%6fther/tags/list", "/v2//demo/other/tags/list",
            "/v2/demo/web/manifests/../../other/tags/list", "/v2/demo/other/manifests/one?repository=demo/web", "/v2/demo/web/tags/list?from=demo/other", "/v2/demo/other/blobs/tags/list", "/",
        })
        {
            (await CurlAsync(machine, path)).Should().BeOneOf(["400", "403"], path);
        }

        foreach (var method in new[] { "POST", "PUT", "PATCH", "DELETE" })
        {
            (await CurlAsync(machine, "/v2/demo/web/manifests/one", method)).Should().Be("403", method);
        }

        // A network that is joined later finds the registry by the edge's address in it.
        const string Late = "10.213.21.2";
        var later = await cloud.MakeAsync<NetworkSpec, NetworkOutputs>(cloud.Provider.Network.Networks, "later", new NetworkSpec("10.213.21.0/24", Internal: true));
        await cloud.MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(cloud.Provider.Network.EdgeAttachments, "late", new EdgeAttachmentSpec(edge.EdgeId, later.NetworkId, Late));
        await RunAsync(
            edge.EdgeId,
            $"timeout 120 /bin/sh -c 'until openssl s_client -connect {Late}:5000 < /dev/null 2> /dev/null | openssl x509 -noout -checkip {Late} 2> /dev/null | grep -q \"does match\"; do sleep 0.1; done'");

        // Another image of this edge, the same images; what is withdrawn is refused at the next call.
        await fixture.Engine.Client.Containers.RestartContainerAsync(edge.EdgeId, new() { WaitBeforeKillSeconds = 5 }, Token);
        await RunAsync(
            machine,
            $"timeout 120 /bin/sh -c 'until curl -sf --cacert /run/registry.pem --cert /var/lib/tarmak/agent/agent.crt --key /var/lib/tarmak/agent/agent.key -o /dev/null https://{Gateway}:5000/v2/; do sleep 0.1; done'");
        (await UseAsync(machine, "pull", Web)).Should().Be(pushed);
        await EnsureIdentityAsync(cloud, edge, "worker", []);
        (await UseAsync(machine, "pull", Web)).Should().Contain(Refused);

        // A repository goes with its images, before another of its name could have them.
        var repositories = cloud.Provider.ContainerRegistry.Repositories;
        (await repositories.DeleteAsync(cloud.Call("web") with { ObjectId = web.RepositoryId }, new RegistryRepositorySpec(Web, edge.EdgeId), Token)).ShouldSucceed();
        await EnsureIdentityAsync(cloud, edge, "worker", [Web]);
        (await UseAsync(machine, "pull", Web)).Should().Contain(Refused, "nobody is let into a repository that is not there");
        (await repositories.EnsureAsync(cloud.Call("web", 2), new RegistryRepositorySpec(Web, edge.EdgeId), Token)).ShouldSucceed();
        (await UseAsync(machine, "pull", Web)).Should().Contain("HTTP 404");
        (await repositories.DeleteAsync(cloud.Call("web", 2) with { ObjectId = web.RepositoryId }, new RegistryRepositorySpec(Web, edge.EdgeId), Token)).ShouldSucceed();
    }

    private static Task<RegistryRepositoryOutputs> RepositoryAsync(Cloud cloud, EdgeOutputs edge, string name, string repository) =>
        cloud.MakeAsync<RegistryRepositorySpec, RegistryRepositoryOutputs>(cloud.Provider.ContainerRegistry.Repositories, name, new RegistryRepositorySpec(repository, edge.EdgeId));

    private static Task<AccessIdentityOutputs> IdentityAsync(Cloud cloud, EdgeOutputs edge, string uid, string[] repositories, params string[] policies) =>
        cloud.MakeAsync<AccessIdentitySpec, AccessIdentityOutputs>(cloud.Provider.AccessIdentity.Identities, uid, Identity(edge, uid, repositories, policies));

    private static async Task EnsureIdentityAsync(Cloud cloud, EdgeOutputs edge, string uid, string[] repositories) =>
        (await cloud.Provider.AccessIdentity.Identities.EnsureAsync(cloud.Call(uid), Identity(edge, uid, repositories), Token)).ShouldSucceed();

    private static AccessIdentitySpec Identity(EdgeOutputs edge, string uid, string[] repositories, params string[] policies) => new()
    {
        Instance = $"dev/demo/{uid}/0",
        InstanceUid = uid,
        Role = "worker",
        Policies = [.. policies],
        Grants = [.. repositories.Select(r => new InstanceGrant(GrantPaths.Repository(r), [GrantVerbs.Pull]))],
        EdgeId = edge.EdgeId,
    };

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new X509Request($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static string Sign(X509Certificate2 authority, string request, string name)
    {
        var key = X509Request.LoadSigningRequestPem(request, HashAlgorithmName.SHA256).PublicKey;
        using var made = new X509Request(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256)
            .Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(16));
        return made.ExportCertificatePem();
    }

    private Task<string> BeAsync(string machine, string certificate) => PutAsync(machine, "/var/lib/tarmak/agent/agent.crt", certificate);

    private Task<string> PutAsync(string machine, string path, string text) =>
        RunAsync(machine, $"echo {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))} | base64 -d > {path}");

    /// <summary>What the program of the machine image says, and how it ended where it did not end well.</summary>
    private Task<string> UseAsync(string machine, string verb, string repository) => RunAsync(
        machine, $"/bin/sh {IContainerRegistry.Program} {Gateway}:5000 /run/registry.pem {verb} {repository} one {(verb == "push" ? "/etc/os-release" : "")} 2>&1 || echo exit $?");

    private Task<string> CurlAsync(string machine, string path, string method = "GET", bool certificate = true) => RunAsync(
        machine,
        $"curl -s --path-as-is -X {method} --cacert /run/registry.pem {(certificate ? "--cert /var/lib/tarmak/agent/agent.crt --key /var/lib/tarmak/agent/agent.key" : "")} -o /dev/null -w '%{{http_code}}' 'https://{Gateway}:5000{path}' || true");

    private async Task<string> RunAsync(string machine, string script)
    {
        var result = await fixture.Engine.ExecAsync(machine, ["/bin/sh", "-c", script], Token);
        result.ExitCode.Should().Be(0, result.Errors);
        return result.Output.Trim();
    }
}
