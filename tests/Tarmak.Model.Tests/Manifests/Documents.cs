using System.Runtime.CompilerServices;
using Tarmak.Model.Manifests;

namespace Tarmak.Model.Tests.Manifests;

/// <summary>Short ways to write and read manifests in tests.</summary>
internal static class Documents
{
    public const string Provider = "apiVersion: tarmak.io/v1alpha1\nkind: Provider\nmetadata: { name: laptop }\nspec: { type: container }\n";

    public const string Environment = "apiVersion: tarmak.io/v1alpha1\nkind: Environment\nmetadata: { name: dev }\nspec: { provider: laptop }\n";

    public static string Cluster(string spec, string name = "demo") =>
        $"apiVersion: tarmak.io/v1alpha1\nkind: Cluster\nmetadata: {{ name: {name}, environment: dev }}\nspec: {spec}\n";

    public static string ProviderWith(string spec) =>
        $"apiVersion: tarmak.io/v1alpha1\nkind: Provider\nmetadata: {{ name: laptop }}\nspec: {spec}\n";

    public static string EnvironmentWith(string spec) =>
        $"apiVersion: tarmak.io/v1alpha1\nkind: Environment\nmetadata: {{ name: dev }}\nspec: {spec}\n";

    public static string Pools(params string[] pools) => $"{{ instancePools: [ {string.Join(", ", pools)} ] }}";

    public static ManifestReadResult Read(params string[] documents) =>
        ManifestReader.Read([new ManifestFile("test.yaml", string.Join("---\n", documents))]);

    public static ClusterManifest ReadCluster(string spec, string name = "demo")
    {
        var result = Read(Cluster(spec, name));
        result.Problems.Should().BeEmpty();
        return result.Clusters.Single().Manifest;
    }

    public static ExistingResources Existing(params ClusterManifest[] clusters)
    {
        var basics = Read(Provider, Environment);
        return new ExistingResources(
            [new(basics.Providers[0].Manifest, "1")], [new(basics.Environments[0].Manifest, "2")], [.. clusters.Select(c => new ExistingResource<ClusterManifest>(c, "7"))]);
    }

    public static string Root([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
