using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Serialization;

namespace Tarmak.Gateway.Operators;

/// <summary>Everything that is declared at the moment.</summary>
/// <param name="Providers">The providers.</param>
/// <param name="Environments">The environments with their clusters, by name.</param>
internal sealed record Declarations(IReadOnlyList<StoredProvider> Providers, ImmutableSortedDictionary<string, DeclaredEnvironment> Environments)
{
    /// <summary>The same in the Model's terms. What is being deleted still counts for what it is part of.</summary>
    public ExistingResources ToExisting() => new(
        [.. Providers.Select(p => new ExistingResource<ProviderManifest>(ManifestOf(p), Version(p.Version)))],
        [.. Environments.Values.Where(e => e.Desired.Environment is not null).Select(e => new ExistingResource<EnvironmentManifest>(
            new EnvironmentManifest(Metadata(e.Name, null, e.Desired.Environment!), e.Desired.Environment!.Spec),
            Version(e.Desired.Environment.Version)))],
        [.. Environments.Values.SelectMany(e => e.Desired.Clusters.Select(c => new ExistingResource<ClusterManifest>(
            new ClusterManifest(Metadata(c.Key, e.Name, c.Value.Manifest), c.Value.Manifest.Spec),
            Version(c.Value.Manifest.Version))))]);

    /// <summary>The manifest a stored provider was put with.</summary>
    public static ProviderManifest ManifestOf(StoredProvider provider) =>
        new(new ManifestMetadata { Name = provider.Name, Labels = provider.Labels, Annotations = provider.Annotations }, SpecOf(provider));

    /// <summary>The spec a stored provider was put with.</summary>
    public static ProviderSpec SpecOf(StoredProvider provider) =>
        JsonSerializer.Deserialize(provider.Spec, ModelJson.Default.ProviderSpec)
        ?? throw new JsonException($"The stored spec of provider {provider.Name} is empty.");

    /// <summary>A resource version as text.</summary>
    public static string Version(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static ManifestMetadata Metadata<T>(string name, string? environment, Declared<T> declared)
        where T : class => new()
        {
            Name = name,
            Environment = environment,
            Labels = declared.Labels,
            Annotations = declared.Annotations,
        };
}
