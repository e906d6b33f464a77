using System.Collections.Immutable;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.State;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Exports;

/// <summary>The export of an environment, read whole.</summary>
public sealed class EnvironmentRecord
{
    private readonly ImmutableArray<MachineState> states;

    internal EnvironmentRecord(ExportIndex index, string etag, string bucket, string storedAt, IReadOnlyList<ExportContent> parts)
    {
        (Index, ETag, Bucket, StoredAt, Parts) = (index, etag, bucket, storedAt, parts);
        states = [.. parts.SelectMany(p => p.Machines).Select(MachineJson.Read)];
        Desired = states.FirstOrDefault(s => s.Address.Kind == MachineKind.Environment) is { Desired: { } desired }
            ? DesiredJson.Read<EnvironmentDesired>(desired.Spec)
            : throw new InvalidDataException($"The export of environment {index.Environment} does not hold the environment itself.");
    }

    /// <summary>Name of the environment.</summary>
    public string Environment => Index.Environment;

    /// <summary>When it was exported.</summary>
    public DateTimeOffset ExportedAt => Index.At;

    /// <summary>How many objects it records.</summary>
    public int Objects => states.Count(s => s is { Resource.Object: not null, Phase: not Phase.Deleted });

    /// <summary>Names of its clusters.</summary>
    public IEnumerable<string> Clusters => Desired.Clusters.Keys;

    /// <summary>Name of the provider it was read from.</summary>
    public string StoredAt { get; }

    /// <summary>Provider that its secrets are served from.</summary>
    public string SecretsProvider
    {
        get
        {
            var binding = MachineAddress.OfEnvironment(Environment).Capability(ResourceKinds.Binding, CapabilityNames.SecretStore);
            return states.FirstOrDefault(s => s.Address == binding) is { Outputs: { } outputs }
                ? ResourceJson.Read<BindingOutputs>(outputs).Provider
                : Desired.Environment is { Spec: var spec } ? new Bindings(spec).For(CapabilityNames.SecretStore).Provider : "";
        }
    }

    /// <summary>Paths of the certificate authorities that its clusters have by its account. Those of clusters on their way out may be gone.</summary>
    public IEnumerable<string> Authorities => states
        .Where(s => s is { Address.ResourceKind: ResourceKinds.Authority, Resource.Object: not null, Phase: not Phase.Deleted, Desired.Deleting: false }
            && Desired.Clusters.ContainsKey(s.Address.Cluster ?? ""))
        .Select(s => s.Resource!.Object!.ObjectId);

    /// <summary>Where its exports were in force when this one was written: provider and bucket.</summary>
    public (string Provider, string Bucket)? StatePlace
    {
        get
        {
            var owner = MachineAddress.OfEnvironment(Environment);
            var place = states.FirstOrDefault(s => s.Address == owner.Capability(ResourceKinds.Binding, BoundPlace.StateUse)) is { Outputs: { } outputs }
                ? ResourceJson.Read<BindingOutputs>(outputs).Place
                : 0;
            return states.FirstOrDefault(s => s.Address == owner.Capability(ResourceKinds.Bucket, BoundPlace.TitleOf(BoundPlace.StateUse, place)))
                is { Outputs: { } bucket, Resource.Provider: { } provider } ? (provider, ResourceJson.Read<BucketOutputs>(bucket).BucketId) : null;
        }
    }

    /// <summary>Names of all providers it has to do with, whether or not something is there.</summary>
    public IReadOnlySet<string> ProviderNames => Desired.Providers();

    /// <summary>Manifests of the providers it uses.</summary>
    public IEnumerable<PutProvider> Providers => Index.Providers.Select(p => new PutProvider
    {
        RequestId = Guid.NewGuid().ToString("N"),
        Name = p.Name,
        Spec = p.Spec,
        Labels = p.Labels.ToDictionary(StringComparer.Ordinal),
        Annotations = p.Annotations.ToDictionary(StringComparer.Ordinal),
    });

    internal ExportIndex Index { get; }

    internal string ETag { get; }

    /// <summary>The bucket it was read from.</summary>
    public string Bucket { get; }

    internal IReadOnlyList<ExportContent> Parts { get; }

    internal EnvironmentDesired Desired { get; }

    internal IReadOnlyDictionary<string, string> EngineSecrets =>
        Parts.Select(p => p.EngineSecrets).FirstOrDefault(s => s is not null)
        ?? throw new InvalidDataException($"The export of environment {Environment} does not hold the engine's keys.");
}
