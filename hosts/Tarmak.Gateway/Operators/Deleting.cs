using System.Diagnostics;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Asks for resources to be deleted, dependants first. What is not there is deleted already.</summary>
internal sealed class Deleting(
    DeclarationReader declarations, IGrainFactory grains, IInventory inventory, Answers answers, DocumentRun documents, BackupsConsent backups)
{
    public async Task<V1.DeleteResponse> DeleteAsync(V1.DeleteRequest request, string who, CancellationToken cancellationToken)
    {
        var requestId = RequestIds.Of(request.RequestId);
        var keys = request.Files.Count > 0 ? FromFiles(request) : [FromName(request)];
        var answered = await answers.FindAsync(keys, DocumentId, cancellationToken);
        var declared = await declarations.ReadAsync(cancellationToken);

        // What was answered under this very request is not judged again; another may have its name by now.
        var open = keys.Where(k => !answered.ContainsKey(k)).ToList();
        if (request.Files.Count == 0)
        {
            RefuseAbsent(open, declared);
        }

        RefuseDependants(open, declared);
        var ofEnvironments = await backups.OfDeletingAsync(open, declared, cancellationToken);
        Consents.Require([.. Lost(open, declared), .. ofEnvironments.Values.Where(b => b.IsNeeded).Select(b => b.Consent)], request.AllowDataLoss);

        var answer = new V1.DeleteResponse();
        answer.Documents.AddRange(await documents.RunAsync("delete", who, [.. keys.Select(key => new DocumentCommand(
            key, DocumentId(key), () => answered.TryGetValue(key, out var before)
                ? Task.FromResult(before)
                : DeleteAsync(key, DocumentId(key), request.AllowDataLoss, ofEnvironments, declared, cancellationToken)))]));
        answer.Revision = (await inventory.ListAsync(new InventoryQuery(Key: Documents.NoKey), cancellationToken)).Revision;
        return answer;

        string DocumentId(ResourceKey key) => RequestIds.Of(requestId, key) + "/delete";
    }

    private async Task<AcceptResult> DeleteAsync(
        ResourceKey key, string documentId, IReadOnlyCollection<string> consent, IReadOnlyDictionary<ResourceKey, LeavingBackups> ofEnvironments,
        Declarations declared, CancellationToken cancellationToken)
    {
        switch (key.Kind)
        {
            case ManifestKind.Cluster:
                return declared.Environments.TryGetValue(key.Environment!, out var environment)
                    ? await AcceptAsync(key.Environment!, Command(CommandVerb.DeleteCluster, documentId) with
                    {
                        Cluster = key.Name,
                        DataLossConsent = Given(consent, environment.Desired.Clusters.GetValueOrDefault(key.Name)?.Manifest.Spec, key),
                    }, cancellationToken)
                    : await AbsentAsync(documentId, cancellationToken);
            case ManifestKind.Environment:
                return declared.Environments.ContainsKey(key.Name)
                    ? await AcceptAsync(key.Name, Command(CommandVerb.DeleteEnvironment, documentId) with
                    {
                        DataLossConsent = ofEnvironments[key].IsGivenUp(consent) ? [ofEnvironments[key].Consent.Name] : [],
                    }, cancellationToken)
                    : await AbsentAsync(documentId, cancellationToken);
            default:
                // It goes after the environments that are leaving it: they need it to leave.
                return await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).DeleteAsync(key.Name, documentId).WaitAsync(cancellationToken);
        }
    }

    private Task<AcceptResult> AcceptAsync(string environment, EnvironmentCommand command, CancellationToken cancellationToken) =>
        grains.GetGrain<IEnvironmentGrain>(environment).AcceptAsync(command).WaitAsync(cancellationToken);

    private static EnvironmentCommand Command(CommandVerb verb, string documentId) =>
        new() { RequestId = documentId, Verb = verb, TraceParent = Activity.Current?.Id };

    private Task<AcceptResult> AbsentAsync(string documentId, CancellationToken cancellationToken) =>
        answers.RememberAsync(documentId, new AcceptResult { Action = "absent" }, cancellationToken);

    /// <summary>The consents that count, by the pools' names; a cluster without declared spec keeps what was given by name.</summary>
    private static string[] Given(IReadOnlyCollection<string> consent, ClusterSpec? spec, ResourceKey cluster)
    {
        if (spec is not null)
        {
            return [.. Consents.OfDeleting(cluster, spec).Where(c => Consents.IsGiven(c, consent)).Select(c => c.Name)];
        }

        // It is leaving already and may be waiting for exactly this consent.
        return consent.Any(c => c == "all" || c == cluster.Path || c.StartsWith(cluster.Path + "/", StringComparison.Ordinal)) ? ["all"] : [];
    }

    private static IReadOnlyList<RequiredConsent> Lost(IReadOnlyList<ResourceKey> keys, Declarations declared) =>
    [
        .. from key in keys
           where key.Kind == ManifestKind.Cluster
           let spec = declared.Environments.GetValueOrDefault(key.Environment!)?.Desired.Clusters.GetValueOrDefault(key.Name)?.Manifest.Spec
           where spec is not null
           from consent in Consents.OfDeleting(key, spec)
           select consent,
    ];

    private static List<ResourceKey> FromFiles(V1.DeleteRequest request)
    {
        var read = ManifestIntake.Read(request.Files);
        if (read.Problems.Count > 0)
        {
            throw Refusal.Invalid(read.Problems);
        }

        return [.. read.All.Select(m => m.Key).Distinct().Reverse()];
    }

    private static ResourceKey FromName(V1.DeleteRequest request)
    {
        var kind = KindNames.Parse(request.Kind);
        var parts = request.Name.Split('/');
        return (kind, parts) switch
        {
            (null, _) => throw Refusal.InvalidArgument("Name what is to be deleted: files, or a kind and a name."),
            ("cluster", [{ Length: > 0 } environment, { Length: > 0 } name]) => new ResourceKey(ManifestKind.Cluster, environment, name),
            ("cluster", _) => throw Refusal.InvalidArgument($"'{request.Name}' names no cluster; write ENVIRONMENT/NAME."),
            ("environment", [{ Length: > 0 } name]) => new ResourceKey(ManifestKind.Environment, null, name),
            (KindNames.Provider, [{ Length: > 0 } name]) => new ResourceKey(ManifestKind.Provider, null, name),
            ("environment" or KindNames.Provider, _) => throw Refusal.InvalidArgument($"'{request.Name}' names no {kind}; write its name alone."),
            _ => throw Refusal.InvalidArgument($"A {kind} cannot be deleted on its own; it goes with its cluster. Take it out of the cluster's manifest and apply that."),
        };
    }

    private static void RefuseAbsent(IReadOnlyList<ResourceKey> keys, Declarations declared)
    {
        foreach (var key in keys.Where(k => !IsDeclared(k, declared)))
        {
            throw Refusal.NotFound($"There is no {key}.");
        }
    }

    private static bool IsDeclared(ResourceKey key, Declarations declared) => key.Kind switch
    {
        ManifestKind.Cluster => declared.Environments.GetValueOrDefault(key.Environment!)?.Desired is { } desired
            && (desired.Clusters.ContainsKey(key.Name) || desired.Leaving.ContainsKey(key.Name)),
        ManifestKind.Environment => declared.Environments.ContainsKey(key.Name),
        _ => declared.Providers.Any(p => p.Name == key.Name),
    };

    private static void RefuseDependants(IReadOnlyList<ResourceKey> keys, Declarations declared)
    {
        foreach (var key in keys)
        {
            var dependants = key.Kind switch
            {
                ManifestKind.Environment => declared.Environments.GetValueOrDefault(key.Name)?.Desired.Clusters.Keys
                    .Select(c => new ResourceKey(ManifestKind.Cluster, key.Name, c)).ToList() ?? [],
                ManifestKind.Cluster when key.Name == ModelDefaults.HubName => declared.Environments.GetValueOrDefault(key.Environment!) is { } environment
                    ? [.. Acceptance.Spokes(environment.Desired).Select(c => new ResourceKey(ManifestKind.Cluster, key.Environment, c))]
                    : [],
                ManifestKind.Provider => Users(key.Name, declared).Where(e => !e.Deleting)
                    .Select(e => new ResourceKey(ManifestKind.Environment, null, e.Name)).ToList(),
                _ => [],
            };
            dependants.RemoveAll(keys.Contains);
            if (dependants.Count > 0)
            {
                var named = string.Join(", ", dependants.Select(d => d.Path));
                throw Refusal.Precondition(
                    $"{Capitalised(key.ToString())} still has {KindNames.Of(dependants[0].Kind)}s: {named}. Delete them first, or in the same command.",
                    dependants.Select(d => (Refusal.StateType, d.ToString(), $"{d} depends on {key}.")));
            }
        }
    }

    private static IEnumerable<DeclaredEnvironment> Users(string provider, Declarations declared) =>
        declared.Environments.Values.Where(e => e.Desired.Environment is { } environment
            && (environment.Spec.Provider == provider || environment.Spec.Overrides.Values.Any(o => o.Provider == provider)));

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
