using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Tarmak.Model.Manifests;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Tests.Manifests;

public sealed class ManifestWriterTests
{
    private static readonly ServerFields Server = new("0123", 4, "17", new JsonObject { ["phase"] = "Ready", ["conditions"] = new JsonArray(new JsonObject { ["a"] = "b\nc" }) });

    [Fact]
    public void ToYaml_Demo_ReadsLikeAManifest()
    {
        var demo = Documents.ReadCluster(Documents.Pools("{ name: bastion, role: bastion }", "{ name: etcd, role: etcd, labels: { n: \"1\", t: \"true\" } }"));

        ManifestWriter.ToYaml(demo, Server).Should().Be(
            """
            apiVersion: tarmak.io/v1alpha1
            kind: Cluster
            metadata:
              name: demo
              environment: dev
              resourceVersion: "17"
              uid: "0123"
              generation: 4
            spec:
              type: single
              paused: false
              network:
                cidr: 10.99.0.0/16
                pods: 100.64.0.0/16
                services: 10.254.0.0/16
              instancePools:
                - name: bastion
                  role: bastion
                  size: tiny
                  count: 1
                  deletionPolicy: Delete
                  rootVolume:
                    sizeGiB: 16
                    class: ssd
                - name: etcd
                  role: etcd
                  size: small
                  count: 3
                  deletionPolicy: Delete
                  rootVolume:
                    sizeGiB: 16
                    class: ssd
                  volumes:
                    - name: data
                      sizeGiB: 5
                      class: ssd
                  labels:
                    "n": "1"
                    t: "true"
            status:
              phase: Ready
              conditions:
                - a: "b\nc"

            """);
    }

    [Fact]
    public void ToYaml_AnyCluster_ReadsBackEqual() => Clusters.Sample(m => ReadsBack(m, ManifestWriter.ToYaml(m)), iter: 500);

    [Fact]
    public void ToJson_AnyCluster_ReadsBackEqual() => Clusters.Sample(m => ReadsBack(m, ManifestWriter.ToJson(m)), iter: 500);

    [Fact]
    public void ToYaml_WithServerFields_ChangesNothingButThePrecondition() =>
        Clusters.Sample(
            m =>
            {
                var back = ManifestReader.Read([new ManifestFile("x", ManifestWriter.ToYaml(m, Server))]);
                var existing = new ExistingResources([], [new(new EnvironmentManifest(new ManifestMetadata { Name = "dev" }, new EnvironmentSpec { Provider = "x" }), "1")], [new(m, "17")]);
                var validation = ManifestValidator.Validate(back, existing);
                return validation.IsValid && validation.RequiredConsents.Count == 0
                    && SpecHash.Of(back.Clusters[0].Manifest) == SpecHash.Of(m)
                    && ManifestDiff.Between(m.Spec, back.Clusters[0].Manifest.Spec).Count == 0;
            },
            iter: 200);

    [Fact]
    public void ToYaml_AnyAnnotation_ReadsBackEqual() =>
        Gen.String.Where(t => t.EnumerateRunes().All(r => r.Value != 0xFFFD)).Sample(note =>
        {
            var provider = new ProviderManifest(
                new ManifestMetadata { Name = "p", Annotations = new Dictionary<string, string> { ["note"] = note + "😀" } }, new ProviderSpec { Type = "container" });
            return ReadsBack(provider, ManifestWriter.ToYaml(provider)) && ReadsBack(provider, ManifestWriter.ToJson(provider));
        });

    [Theory]
    [InlineData("{ provider: laptop }")]
    [InlineData("{ provider: laptop, edge: {} }")]
    [InlineData("{ provider: laptop, location: eu west, adminCIDRs: [ 0.0.0.0/0 ], edge: { ports: 21000-21031 }, overrides: { backups: { provider: a-b, bucket: x }, dns: { provider: b, zone: a.b } } }")]
    public void ToYaml_AnyEnvironment_ReadsBackEqual(string spec)
    {
        var environment = Documents.Read(Documents.EnvironmentWith(spec)).Environments[0].Manifest;

        ReadsBack(environment, ManifestWriter.ToYaml(environment)).Should().BeTrue();
        ReadsBack(environment, ManifestWriter.ToJson(environment)).Should().BeTrue();
    }

    [Fact]
    public void ModelJson_AnyCluster_RoundTrips() =>
        Clusters.Sample(
            m => JsonSerializer.Deserialize(JsonSerializer.Serialize(m, ModelJson.Default.ClusterManifest), ModelJson.Default.ClusterManifest) == m, iter: 200);

    [Fact]
    public void ModelJson_FieldsThatAreNotThere_TakeTheirDefaults()
    {
        var spec = JsonSerializer.Deserialize("{}", ModelJson.Default.ClusterSpec)!;

        spec.Network.Should().Be(new ClusterNetwork());
        spec.InstancePools.Should().BeEmpty();
    }

    private static Gen<ClusterManifest> Clusters { get; } =
        from kubernetes in Gen.Bool
        from paused in Gen.Bool
        from etcd in Gen.Int[0, 4]
        from min in Gen.Int[0, 3]
        from more in Gen.Int[1, 3]
        from price in Gen.Decimal[0.001m, 100m]
        from size in Gen.OneOf("tiny", "m5.large", "x_1")
        from label in Gen.OneOf("", "true", "1", "1.0", "null", "a-b", "0x1", "1e3", "No")
        from volume in Gen.Int[1, 500]
        from retain in Gen.Bool
        select Cluster(kubernetes, paused, (2 * etcd) + 1, min, min + more, price, size, label, volume, retain);

    private static ClusterManifest Cluster(
        bool kubernetes, bool paused, int etcd, int min, int max, decimal price, string size, string label, int volume, bool retain)
    {
        PoolRole[] tooling = kubernetes ? [PoolRole.Bastion, PoolRole.Vault] : [PoolRole.Bastion];
        InstancePoolSpec[] nodes = kubernetes
            ? [InstancePoolSpec.Default(PoolRole.Master), InstancePoolSpec.Default(PoolRole.Worker, "w1") with
              {
                  Min = min, Max = max, SpotPrice = price, Size = size,
                  Taints = [new PoolTaint { Key = "a/b", Value = label, Effect = TaintEffect.NoExecute }],
                  KubernetesVersion = "1.25", IdentityPolicies = ["a: b # c"],
              }]
            : [];
        return new ClusterManifest(
            new ManifestMetadata { Name = "demo", Environment = "dev", Labels = new Dictionary<string, string> { ["b"] = label, ["a"] = "x" } },
            new ClusterSpec
            {
                Paused = paused,
                Kubernetes = kubernetes ? new KubernetesSpec { Version = "1.25.3" } : null,
                InstancePools =
                [
                    .. tooling.Select(role => InstancePoolSpec.Default(role)),
                    InstancePoolSpec.Default(PoolRole.Etcd) with
                    {
                        Min = etcd, Max = etcd, Zones = ["a", "b"],
                        DeletionPolicy = retain ? DeletionPolicy.Retain : DeletionPolicy.Delete,
                        Volumes = [new PoolVolume { Name = "x", SizeGiB = volume, Class = VolumeClass.Hdd }, new PoolVolume { Name = "data", SizeGiB = 7 }],
                        Labels = new Dictionary<string, string> { ["k"] = label },
                        AllowedCidrs = ["10.0.0.0/8"],
                    },
                    .. nodes,
                ],
            });
    }

    private static bool ReadsBack(IManifest manifest, string text)
    {
        var result = ManifestReader.Read([new ManifestFile("x", text)]);
        result.Problems.Should().BeEmpty(text);
        return result.All.Single().Equals(manifest);
    }
}
