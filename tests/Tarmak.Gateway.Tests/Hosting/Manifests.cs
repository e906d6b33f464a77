using System.Collections.Concurrent;
using Grpc.Core;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Tests.Hosting;

/// <summary>Manifests and requests as tests need them.</summary>
internal static class Manifests
{
    private static readonly ConcurrentDictionary<string, string> Ranges = new(StringComparer.Ordinal);
    private static int ranges;

    public static string Provider(string name = "desk") => $$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Provider
        metadata: { name: {{name}} }
        spec: { type: paper }
        ---

        """;

    public static string Environment(string name, string provider = "desk") => $$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Environment
        metadata: { name: {{name}} }
        spec: { provider: {{provider}}, dns: { publicZone: {{name}}.example.test } }
        ---

        """;

    public static string Cluster(
        string environment, string name = "demo", string size = "small", string? cidr = null, string metadata = "", int etcd = 3) => $$"""
        apiVersion: tarmak.io/v1alpha1
        kind: Cluster
        metadata: { name: {{name}}, environment: {{environment}}{{metadata}} }
        spec:
          network: { cidr: {{cidr ?? Range(environment)}} }
          instancePools:
            - { name: bastion, role: bastion }
            - { name: etcd, role: etcd, count: {{etcd}}, size: {{size}} }
        ---

        """;

    /// <summary>Provider, environment and cluster.</summary>
    public static string All(string environment) => Provider() + Environment(environment) + Cluster(environment);

    public static V1.ApplyRequest Apply(string content, string requestId = "", params string[] consent) => new()
    {
        RequestId = requestId,
        Files = { File(content) },
        AllowDataLoss = { consent },
    };

    public static V1.ManifestFile File(string content) => new() { Name = "test.yaml", Content = content };

    /// <summary>Clusters of one provider must not overlap, and all tests share one.</summary>
    private static string Range(string environment) => Ranges.GetOrAdd(environment, _ => $"10.{110 + Interlocked.Increment(ref ranges)}.0.0/16");

    /// <summary>The details of one type in a refusal.</summary>
    public static T Details<T>(this RpcException refusal)
        where T : class, Google.Protobuf.IMessage<T>, new()
    {
        var status = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        return status.Details.Single(d => d.Is(new T().Descriptor)).Unpack<T>();
    }
}
