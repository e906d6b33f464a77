using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Operators;

public sealed class CredentialsTests(EngineFixture engine)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Credentials_ReadyCluster_AreAClientCertificateOfItsAuthority()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.Provider() + Manifests.Environment("creds")), cancellationToken: Token);
        using var authority = await StoredAuthority.FindOrCreateAsync(
            engine.Paper.Secrets, AgentPlaces.Authority("creds", "served", "etcd"), "creds/served etcd", TimeProvider.System, Token);
        await WriteReadyClusterAsync(MachineAddress.OfCluster("creds", "served"));

        var answer = await engine.Client.CredentialsAsync(new V1.CredentialsRequest { Key = "creds/served" }, cancellationToken: Token);

        answer.Endpoints.Should().Equal("https://127.0.0.1:21005", "https://etcd.creds-served.creds.example.test:21005");
        answer.CaCertificate.Should().Be(authority.CertificatePem);
        using var issued = X509Certificate2.CreateFromPem(answer.ClientCertificate, answer.ClientKey);
        issued.Subject.Should().Be("CN=admin");
        issued.HasPrivateKey.Should().BeTrue();
        issued.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()
            .Select(o => o.Value).Should().Equal("1.3.6.1.5.5.7.3.2");
    }

    [Fact]
    public async Task Credentials_ClusterThatIsNotServing_AreRefused()
    {
        await engine.Client.ApplyAsync(Manifests.Apply(Manifests.All("nocreds")), cancellationToken: Token);
        await ClusterRowAsync("nocreds");

        var act = async () => await engine.Client.CredentialsAsync(new V1.CredentialsRequest { Key = "nocreds/demo" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Credentials_UnknownCluster_AreNotFound()
    {
        var act = async () => await engine.Client.CredentialsAsync(new V1.CredentialsRequest { Key = "no/such" }, cancellationToken: Token);

        (await act.Should().ThrowAsync<RpcException>()).Which.StatusCode.Should().Be(StatusCode.NotFound);
    }

    /// <summary>Waits until the cluster's own row is there: it is committed after its environment's.</summary>
    private async Task ClusterRowAsync(string environment)
    {
        using var watch = engine.Client.Watch(new V1.ListRequest { Kind = "cluster", Environment = environment }, cancellationToken: Token);
        while (await watch.ResponseStream.MoveNext(Token) && watch.ResponseStream.Current.Resource is null)
        {
            // Only marks of what was told so far.
        }
    }

    private async Task WriteReadyClusterAsync(MachineAddress cluster)
    {
        var marks = ImmutableSortedDictionary<string, string>.Empty;
        var desired = DesiredJson.Write(new ClusterDesired
        {
            Environment = cluster.Environment,
            Name = cluster.Name,
            Manifest = new Declared<ClusterSpec>(1, new ClusterSpec(), marks, marks),
        });
        var outputs = DesiredJson.Write(new ClusterOutputs("127.0.0.1:21005", "etcd.creds-served.creds.example.test", null));
        var store = engine.Services.GetRequiredService<IMachineStore>();
        await store.WriteAsync(Ready(cluster, desired, outputs), null, [], Token);
        await store.WriteAsync(Ready(cluster.Capability(ResourceKinds.Authority, "etcd"), "{}", null), null, [], Token);
    }

    private static MachineState Ready(MachineAddress address, string spec, string? outputs) => new()
    {
        Address = address,
        Uid = Guid.NewGuid().ToString("N"),
        Phase = Phase.Ready,
        EverReady = true,
        ObservedGeneration = 1,
        Desired = new Desired(1, spec, "", false, false),
        Outputs = outputs,
    };
}
