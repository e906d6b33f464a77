using System.Globalization;
using Tarmak.Configuration.Certificates;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Makes client certificates for a cluster's etcd. The private key exists in the answer and nowhere else.</summary>
internal sealed class Credentials(ClusterLookup clusters, IEnvironmentStores stores, TimeProvider time, AuditLog audit)
{
    private const string CommonName = "admin";

    public async Task<V1.CredentialsResponse> IssueAsync(V1.CredentialsRequest request, string who, CancellationToken cancellationToken)
    {
        var key = KeyText.Parse(request.Key);
        var row = await clusters.GetAsync(MachineKind.Cluster, key, cancellationToken);
        var desired = DesiredJson.Read<ClusterDesired>(row.Spec);
        var authorities = await clusters.UnderAsync(MachineKind.Capability, key, cancellationToken);
        var isThere = authorities.Any(a => a.Address == row.Address.Capability(ResourceKinds.Authority, EtcdCertificates.Authority) && a.Phase == Phase.Ready);
        var outputs = row.Outputs is null ? null : DesiredJson.Read<ClusterOutputs>(row.Outputs);
        if (outputs is { EtcdEndpoint: null })
        {
            throw Refusal.Precondition($"Cluster {key} has no etcd, so that there is nothing to have credentials for; name a cluster with one.", Refusal.StateType, key);
        }

        if (!isThere || outputs is null)
        {
            throw Refusal.Precondition(
                $"Cluster {key} has no endpoint yet; it is {row.Phase}. Wait until it is ready (tarmak explain {key}).", Refusal.StateType, key);
        }

        using var authority = await AuthorityAsync(desired, cancellationToken);
        var issued = authority.Issue(new CertificateProfile
        {
            CommonName = CommonName,
            Usages = CertificateUsages.Client,
            Validity = CertificateValidity.Administrator,
        });
        audit.CredentialsIssued(who, key);
        var answer = new V1.CredentialsResponse
        {
            ClientCertificate = issued.CertificatePem,
            ClientKey = issued.PrivateKeyPem,
            CaCertificate = authority.CertificatePem,
        };
        answer.Endpoints.AddRange(Endpoints(outputs.EtcdEndpoint!, outputs.EtcdDnsName));
        return answer;
    }

    private async Task<CertificateAuthority> AuthorityAsync(ClusterDesired cluster, CancellationToken cancellationToken)
    {
        try
        {
            var secrets = await stores.SecretsAsync(cluster.Environment, cancellationToken);
            var path = AgentPlaces.Authority(cluster.Environment, cluster.Name, EtcdCertificates.Authority);
            return await StoredAuthority.FindAsync(secrets, path, time, cancellationToken) ?? throw Refusal.Precondition(
                $"The authority of cluster {cluster.Environment}/{cluster.Name} is not in the secret store; wait until the cluster is ready.",
                Refusal.StateType, path);
        }
        catch (ProviderException exception)
        {
            throw Refusal.Unavailable(exception.Message);
        }
    }

    /// <summary>The balancer first; then the cluster's name, for those whose resolver knows the environment's zone.</summary>
    private static IEnumerable<string> Endpoints(string endpoint, string? name)
    {
        yield return $"https://{endpoint}";
        if (name is not null)
        {
            var port = endpoint[(endpoint.LastIndexOf(':') + 1)..];
            yield return string.Create(CultureInfo.InvariantCulture, $"https://{name}:{port}");
        }
    }
}
