using System.Diagnostics;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Model.Manifests;
using Tarmak.Model.Serialization;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Accepts manifests: everything is checked first, then each document is accepted in order of dependency.</summary>
internal sealed class Applying(
    DeclarationReader declarations, ManifestIntake intake, Preflight preflight, OperatorKeys keys, IGrainFactory grains, IInventory inventory, DriftNotice drift,
    Answers answers, DocumentRun documents)
{
    public async Task<V1.ApplyResponse> ApplyAsync(V1.ApplyRequest request, string who, CancellationToken cancellationToken)
    {
        if (request.Files.Count == 0)
        {
            await drift.RequireAsync(cancellationToken);
            return new V1.ApplyResponse { Revision = await RevisionAsync() };
        }

        var requestId = RequestIds.Of(request.RequestId);
        var read = ManifestIntake.Read(request.Files);
        var answered = await answers.FindAsync(read.All.Select(m => m.Key), key => RequestIds.Of(requestId, key), cancellationToken);
        var declared = await declarations.ReadAsync(cancellationToken);

        // What was answered under this very request is not judged again: it finds its own changes, and others' since.
        var incoming = Without(read, answered.Keys);
        var consents = intake.Check(incoming, declared);
        RefuseWhatIsLeaving(incoming, declared);
        await preflight.CheckAsync(incoming, declared, cancellationToken);
        Consents.Require(consents, request.AllowDataLoss);

        var answer = new V1.ApplyResponse();
        answer.Documents.AddRange(await documents.RunAsync("apply", who, [.. read.All.Select(manifest =>
        {
            var documentId = RequestIds.Of(requestId, manifest.Key);
            return new DocumentCommand(manifest.Key, documentId, () => answered.TryGetValue(manifest.Key, out var before)
                ? Task.FromResult(before)
                : AcceptAsync(manifest, documentId, consents, cancellationToken));
        })]));

        await drift.TryAsync(cancellationToken);
        answer.Revision = await RevisionAsync();
        return answer;
    }

    // Without the caller's deadline: what was accepted is told.
    private async Task<long> RevisionAsync() =>
        (await inventory.ListAsync(new InventoryQuery(Key: Documents.NoKey), CancellationToken.None)).Revision;

    private async Task<AcceptResult> AcceptAsync(
        IManifest manifest, string documentId, IReadOnlyList<RequiredConsent> consents, CancellationToken cancellationToken)
    {
        var metadata = manifest.Metadata;
        switch (manifest)
        {
            case ProviderManifest provider:
                var put = new PutProvider
                {
                    RequestId = documentId,
                    Name = metadata.Name,
                    Spec = CanonicalJson.Of(provider.Spec),
                    Labels = new Dictionary<string, string>(metadata.Labels),
                    Annotations = new Dictionary<string, string>(metadata.Annotations),
                    ResourceVersion = metadata.ResourceVersion,
                };
                return await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey).PutAsync(put).WaitAsync(cancellationToken);
            case EnvironmentManifest environment:
                return await AcceptAsync(metadata.Name, Command(CommandVerb.PutEnvironment, documentId, metadata, CanonicalJson.Of(environment.Spec)), cancellationToken);
            case ClusterManifest cluster:
                var command = Command(CommandVerb.PutCluster, documentId, metadata, CanonicalJson.Of(cluster.Spec)) with
                {
                    Cluster = metadata.Name,
                    // Only what this change needs is passed on: consent is not kept for later.
                    DataLossConsent = [.. consents.Where(c => c.Cluster == cluster.Key).Select(c => c.Name)],
                };
                return await AcceptAsync(metadata.Environment!, command, cancellationToken);
            default:
                throw new UnreachableException($"{manifest.Kind} is no kind of manifest.");
        }
    }

    private EnvironmentCommand Command(CommandVerb verb, string documentId, ManifestMetadata metadata, string spec) => new()
    {
        RequestId = documentId,
        Verb = verb,
        Spec = spec,
        Labels = new Dictionary<string, string>(metadata.Labels),
        Annotations = new Dictionary<string, string>(metadata.Annotations),
        AuthorizedKeys = keys.Read(),
        ResourceVersion = metadata.ResourceVersion,
        TraceParent = Activity.Current?.Id,
    };

    private Task<AcceptResult> AcceptAsync(string environment, EnvironmentCommand command, CancellationToken cancellationToken) =>
        grains.GetGrain<IEnvironmentGrain>(environment).AcceptAsync(command).WaitAsync(cancellationToken);

    private static ManifestReadResult Without(ManifestReadResult read, IReadOnlyCollection<ResourceKey> answered) => read with
    {
        Providers = [.. read.Providers.Where(p => !answered.Contains(p.Manifest.Key))],
        Environments = [.. read.Environments.Where(e => !answered.Contains(e.Manifest.Key))],
        Clusters = [.. read.Clusters.Where(c => !answered.Contains(c.Manifest.Key))],
    };

    private static void RefuseWhatIsLeaving(ManifestReadResult incoming, Declarations declared)
    {
        var leaving = incoming.Environments.Select(e => e.Manifest.Metadata.Name)
            .Concat(incoming.Clusters.Select(c => c.Manifest.Metadata.Environment!))
            .FirstOrDefault(name => declared.Environments.GetValueOrDefault(name) is { Deleting: true });
        if (leaving is not null)
        {
            throw Refusal.Precondition(
                $"Environment {leaving} is being deleted; apply again once it is gone (tarmak get environments {leaving}).", Refusal.StateType, leaving);
        }

        var (needed, user) = incoming.Environments.Select(e => (e.Manifest.Spec.Provider, e.Manifest.Metadata.Name))
            .FirstOrDefault(e => declared.Providers.Any(p => p.Name == e.Provider && p.Deleting) && !incoming.Providers.Any(p => p.Manifest.Metadata.Name == e.Provider));
        if (needed is not null)
        {
            throw Refusal.Precondition(
                $"Provider {needed} of environment {user} is being deleted; apply its manifest with the environment's, and it stays.", Refusal.StateType, needed);
        }
    }
}
