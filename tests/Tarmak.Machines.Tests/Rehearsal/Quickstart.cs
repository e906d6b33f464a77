using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>The manifests of the quickstart, as a user writes them.</summary>
internal static class Quickstart
{
    public static readonly ImmutableSortedDictionary<string, string> NoMarks = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public static EnvironmentSpec Environment { get; } = Read(Text(3, "small")).Environments[0].Manifest.Spec;

    public static ClusterSpec Cluster { get; } = Etcd();

    /// <summary>The cluster with another etcd pool.</summary>
    public static ClusterSpec Etcd(int count = 3, string size = "small", string more = "") => Read(Text(count, size, more)).Clusters[0].Manifest.Spec;

    /// <summary>The wish for the whole, as the gateway's commands build it up.</summary>
    public static EnvironmentDesired Desired(EnvironmentSpec? environment = null, ClusterSpec? cluster = null)
    {
        var fresh = new EnvironmentDesired { AuthorityCertificate = "-----BEGIN CERTIFICATE-----", AuthorityPin = "ab12", AuthorizedKeys = ["ssh-ed25519 AAAA admin"] };
        var put = Acceptance.PutEnvironment(fresh, environment ?? Environment, NoMarks, NoMarks, null).Desired!;
        return Acceptance.PutCluster(put, "demo", cluster ?? Cluster, NoMarks, NoMarks, null, []).Desired!;
    }

    private static ManifestReadResult Read(string text)
    {
        var read = ManifestReader.Read([new ManifestFile("quickstart.yaml", text)]);
        read.Problems.Should().BeEmpty();
        return read;
    }

    private static string Text(int count, string size, string more = "") => $$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Environment
        metadata: { name: dev }
        spec:
          provider: laptop
          dns: { publicZone: dev.example.test, privateZone: tarmak.local }
          adminCIDRs: [ 127.0.0.0/8 ]
        ---
        apiVersion: tarmak.io/v1alpha1
        kind: Cluster
        metadata: { name: demo, environment: dev }
        spec:
          network: { cidr: 10.99.0.0/16 }
          instancePools:
            - { name: bastion, role: bastion }
            - { name: etcd, role: etcd, count: {{count}}, size: {{size}}{{more}} }
        """;
}
