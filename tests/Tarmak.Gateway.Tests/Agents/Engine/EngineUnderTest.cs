using System.Collections.Immutable;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Tarmak.Api.Agent.V1;
using Tarmak.Configuration.Bundles;
using Tarmak.Configuration.Certificates;
using Tarmak.Gateway.Agents;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Model.Resources;
using AgentContract = Tarmak.Api.Agent.V1.Agent;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>The engine's side of the agents' contract, with real TLS on a real socket.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _directory;

    private EngineUnderTest(EngineStores stores, EngineAuthority authority, ServiceProvider services, DirectoryInfo directory)
    {
        Stores = stores;
        Authority = authority;
        _services = services;
        _directory = directory;
    }

    public EngineStores Stores { get; }

    public EngineAuthority Authority { get; }

    public AgentListener Listener => _services.GetRequiredService<AgentListener>();

    public RelayConnectorPool Connectors => _services.GetRequiredService<RelayConnectorPool>();

    public static async Task<EngineUnderTest> StartAsync(EngineStores stores)
    {
        EngineAuthority authority = await EngineAuthority.OpenAsync(stores.Secrets, TimeProvider.System, CancellationToken.None);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("tarmak-test-");
        ServiceCollection services = new();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(authority);
        services.AddSingleton<IAgentDirectory>(stores.Directory);
        services.AddSingleton<IInstanceBundles>(stores.Bundles);
        services.AddSingleton<IInstanceGrants>(stores.Grants);
        services.AddSingleton<IEnvironmentStores>(stores);
        services.AddSingleton<IConvergenceHints>(stores);
        services.AddSingleton<IMachineEvidence>(stores);
        services.AddSingleton(new EvidenceChallenges(stores.Secrets, TimeProvider.System));
        services.AddTarmakAgents(new AgentListenerOptions { SocketDirectory = Path.Combine(directory.FullName, "run") });
        EngineUnderTest engine = new(stores, authority, services.BuildServiceProvider(), directory);
        await engine.Listener.StartAsync(CancellationToken.None);
        return engine;
    }

    /// <summary>Issues a machine's one-time secret.</summary>
    public Task<string> IssueSecretAsync(string instance, string uid, string token = "token") =>
        new FirstBootSecrets(Stores.Secrets, Stores.Directory, TimeProvider.System).IssueAsync(instance, uid, token, CancellationToken.None);

    /// <summary>Makes, stores and puts in force the bundle of an etcd member.</summary>
    public async Task<Bundle> PutBundleAsync(string uid, int index, string authorizedKey = "ssh-ed25519 AAAA one", IBundleSigner? signer = null, bool isGranted = true)
    {
        EtcdMember member = new($"etcd-{index}", $"etcd-{index}.demo.dev.tarmak.local", $"10.99.32.{20 + index}");
        BundleSpec spec = new()
        {
            Environment = "dev",
            Cluster = "demo",
            Pool = "etcd",
            Role = "etcd",
            Index = index,
            InstanceUid = uid,
            HostName = member.Name,
            Fqdn = member.Fqdn,
            Address = member.Address,
            DnsServer = "10.99.0.2",
            PrivateZone = "tarmak.local",
            BucketId = "configuration",
            EtcdMembers = [member],
            Certificates = EtcdCertificates.For(member, [], []),
            AuthorizedKeys = [authorizedKey],
        };
        Bundle bundle = new BundleBuilder(signer ?? Authority).Build(spec);
        await Stores.Objects.PutAsync("configuration", AgentPlaces.Bundle(bundle.Hash), bundle.Content, null, CancellationToken.None);
        await Stores.Objects.PutAsync("configuration", AgentPlaces.BundleSignature(bundle.Hash), bundle.Signature, null, CancellationToken.None);
        (await StoredAuthority.FindOrCreateAsync(
            Stores.Secrets, AgentPlaces.Authority("dev", "demo", "etcd"), "etcd", TimeProvider.System, CancellationToken.None)).Dispose();
        if (isGranted)
        {
            Stores.Grants.Set(
                uid,
                new InstanceGrant(GrantPaths.Bundle($"dev/demo/etcd/{index}"), [GrantVerbs.Read]),
                new InstanceGrant(GrantPaths.Secret(AgentPlaces.Authority("dev", "demo", "etcd")), [GrantVerbs.Sign]),
                new InstanceGrant(GrantPaths.Secret($"secrets/{uid}"), [GrantVerbs.Read]));
        }

        Stores.Bundles.Set(uid, new InstanceBundle
        {
            Hash = bundle.Hash,
            Spec = spec,
            Secrets = ImmutableDictionary<string, string>.Empty.Add($"own-{uid}", $"secrets/{uid}"),
        });
        return bundle;
    }

    /// <summary>A client that dials the listener's socket itself.</summary>
    public AgentContract.AgentClient Connect(X509Certificate2? identity) => new(GrpcChannel.ForAddress("https://engine", new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Listener.SocketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = identity is null ? null : SslStreamCertificateContext.Create(identity, null, offline: true),
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && certificate.Subject == "CN=engine",
            },
        },
    }));

    /// <summary>Enrols a key and gives its certificate.</summary>
    public async Task<X509Certificate2> EnrolAsync(string instance, string uid, ECDsa key)
    {
        EnrolResponse response = await Connect(null).EnrolAsync(Request(instance, uid, await IssueSecretAsync(instance, uid), key));
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(response.Certificate.Span);
        return certificate.CopyWithPrivateKey(key);
    }

    public static EnrolRequest Request(string instance, string uid, string secret, ECDsa key) => new()
    {
        Instance = instance,
        InstanceUid = uid,
        Secret = secret,
        CertificateSigningRequest = SigningRequest(key),
    };

    public static ByteString SigningRequest(ECDsa key) => ByteString.CopyFrom(
        new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=anything", key, HashAlgorithmName.SHA256).CreateSigningRequest());

    public async ValueTask DisposeAsync()
    {
        await Listener.StopAsync(new CancellationToken(canceled: true));
        await _services.DisposeAsync();
        Authority.Dispose();
        _directory.Delete(recursive: true);
    }
}
