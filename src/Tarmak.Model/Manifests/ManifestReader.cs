using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tarmak.Model.Manifests.Fields;
using Tarmak.Model.Manifests.Rules;
using Tarmak.Model.Manifests.Yaml;
using Tarmak.Model.Serialization;

namespace Tarmak.Model.Manifests;

/// <summary>Reads manifests, fills defaults in and checks each document on its own. Never throws on what a user wrote.</summary>
public static class ManifestReader
{
    /// <summary>Largest file that is read: 1 MiB.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Most that all files of one request may hold: 4 MiB.</summary>
    public const int MostBytesTogether = 4 * MostBytes;

    private static readonly string[] Kinds = [.. Enum.GetNames<ManifestKind>()];

    /// <summary>Reads every document of every file and reports everything that is wrong.</summary>
    public static ManifestReadResult Read(IReadOnlyList<ManifestFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var reading = new Reading();
        foreach (var file in files)
        {
            ReadFile(file, reading);
        }

        return reading.ToResult();
    }

    private static void ReadFile(ManifestFile file, Reading reading)
    {
        var size = Encoding.UTF8.GetByteCount(file.Text);
        if (size > MostBytes)
        {
            reading.Problems.Add(new ManifestProblem(file.Name, 1, 1, "", "the file is larger than 1 MiB; split it into several files"));
            return;
        }

        if ((reading.Bytes += size) > MostBytesTogether)
        {
            reading.Problems.Add(new ManifestProblem(file.Name, 1, 1, "", "the files up to this one hold more than 4 MiB, and one request takes no more; apply them in several"));
            return;
        }

        var (documents, problem) = YamlText.Read(file.Text, reading.Budget);
        foreach (var document in documents.Where(d => d is not YamlScalar { IsNull: true }))
        {
            ReadDocument(file.Name, document, reading);
        }

        if (problem is not null)
        {
            reading.Problems.Add(new ManifestProblem(file.Name, problem.Line, problem.Column, "", problem.Message));
        }
    }

    private static void ReadDocument(string file, YamlNode document, Reading reading)
    {
        var log = new ProblemLog(file);
        if (document is not YamlMapping mapping)
        {
            log.Report(document, "", $"a document must be a mapping with apiVersion, kind, metadata and spec, not {document.What}");
        }
        else if (mapping.Get("kind") is not YamlScalar { IsNull: false } kindNode)
        {
            log.Report(mapping.Get("kind") ?? document, "kind", $"is missing; write one of {string.Join(", ", Kinds)}");
        }
        else if (!Kinds.Contains(kindNode.Text))
        {
            log.Report(kindNode, "kind", ShapeReader.NotOneOf(kindNode.Text, Kinds));
        }
        else
        {
            ReadManifest(Enum.Parse<ManifestKind>(kindNode.Text), document, new ManifestSource(file, document), log, reading);
        }

        reading.Problems.AddRange(log.Problems.OrderBy(p => p.Line).ThenBy(p => p.Column));
    }

    private static void ReadManifest(ManifestKind kind, YamlNode document, ManifestSource source, ProblemLog log, Reading reading)
    {
        var json = new ShapeReader(log).Read(document, ManifestFields.Document(kind), "") as JsonObject;
        if (json is null || log.IsIncomplete)
        {
            if (kind == ManifestKind.Cluster && json?["spec"] is JsonObject parts)
            {
                ClusterRules.CheckParts(parts, source, log);
            }

            reading.AddInvalid(kind, json);
            return;
        }

        var metadata = json["metadata"].Deserialize(ModelJson.Default.ManifestMetadata)!;
        var spec = json["spec"]!.AsObject();
        switch (kind)
        {
            case ManifestKind.Provider:
                var provider = new ProviderManifest(metadata, spec.Deserialize(ModelJson.Default.ProviderSpec)!);
                ProviderRules.Check(provider.Spec, source, log);
                Keep(reading.Providers, provider, source, log, reading);
                break;
            case ManifestKind.Environment:
                var environment = new EnvironmentManifest(metadata, spec.Deserialize(ModelJson.Default.EnvironmentSpec)!);
                EnvironmentRules.Check(environment.Spec, source, log);
                Keep(reading.Environments, environment, source, log, reading);
                break;
            default:
                ClusterDefaults.Apply(spec, source, log);
                var cluster = new ClusterManifest(metadata, spec.Deserialize(ModelJson.Default.ClusterSpec)!);
                ClusterRules.Check(cluster, source, log);
                Keep(reading.Clusters, cluster, source, log, reading);
                break;
        }
    }

    private static void Keep<T>(List<SourcedManifest<T>> list, T manifest, ManifestSource source, ProblemLog log, Reading reading)
        where T : class, IManifest
    {
        if (log.Problems.Count == 0)
        {
            list.Add(new SourcedManifest<T>(manifest, source));
        }
        else
        {
            reading.Invalid.Add(manifest.Key);
        }
    }

    /// <summary>What has been read so far.</summary>
    private sealed class Reading
    {
        public YamlBudget Budget { get; } = new();

        public long Bytes { get; set; }

        public List<SourcedManifest<ProviderManifest>> Providers { get; } = [];

        public List<SourcedManifest<EnvironmentManifest>> Environments { get; } = [];

        public List<SourcedManifest<ClusterManifest>> Clusters { get; } = [];

        public List<ManifestProblem> Problems { get; } = [];

        public List<ResourceKey> Invalid { get; } = [];

        public void AddInvalid(ManifestKind kind, JsonObject? json)
        {
            var metadata = json?["metadata"] as JsonObject;
            if (metadata?["name"]?.GetValue<string>() is { } name)
            {
                Invalid.Add(new ResourceKey(kind, metadata["environment"]?.GetValue<string>(), name));
            }
        }

        public ManifestReadResult ToResult() => new(Providers, Environments, Clusters, Problems, Invalid);
    }
}
