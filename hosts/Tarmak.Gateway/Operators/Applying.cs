using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.Collections;
using Grpc.Core;
using Tarmak.Grains.Abstractions;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Model.Manifests;
using Tarmak.Model.Serialization;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Accepts manifests: everything is checked first, then each document is accepted in order of dependency.</summary>
internal sealed class Applying(
    DeclarationReader declarations, ManifestIntake intake, Preflight preflight, OperatorKeys keys, IGrainFactory grains, IInventory inventory, DriftNotice drift, AuditLog audit,
    GatewayInstruments instruments)
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
        var declared = await declarations.ReadAsync(cancellationToken);
        var incoming = WithoutAnsweredPreconditions(read, declared, requestId);
        var consents = intake.Check(incoming, declared);
        RefuseWhatIsLeaving(incoming, declared);
        await preflight.CheckAsync(incoming, declared, cancellationToken);
        Consents.Require(consents, request.AllowDataLoss);

        var answer = new V1.ApplyResponse();
        foreach (var manifest in incoming.All)
        {
            using var span = instruments.StartCommand("apply", manifest.Key);
            var documentId = RequestIds.Of(requestId, manifest.Key);
            var result = await AcceptAsync(manifest, documentId, consents, declared, cancellationToken);
            if (result.Refusal is { } why)
            {
                audit.Refused(who, "apply", KindNames.Of(manifest.Kind), manifest.Key.Path, documentId, why);
                throw Refused(manifest.Key, why, result.Precondition, answer.Documents);
            }

            audit.Accepted(who, "apply", KindNames.Of(manifest.Kind), manifest.Key.Path, documentId, result);
            answer.Documents.Add(Documents.Of(manifest.Key, result));
        }

        await drift.TryAsync(cancellationToken);
        answer.Revision = await RevisionAsync();
        return answer;
    }

    // Without the caller's deadline: what was accepted is told.
    private async Task<long> RevisionAsync() =>
        (await inventory.ListAsync(new InventoryQuery(Key: Documents.NoKey), CancellationToken.None)).Revision;

    private async Task<AcceptResult> AcceptAsync(
        IManifest manifest, string documentId, IReadOnlyList<RequiredConsent> consents, Declarations declared, CancellationToken cancellationToken)
    {
        var metadata = manifest.Metadata;
        switch (manifest)
        {
            case ProviderManifest provider:
                return IsStored(provider, declared) is { } stored
                    ? new AcceptResult { Action = "unchanged", Generation = stored.Generation }
                    : await grains.GetGrain<IProviderSettingsGrain>(ProviderCatalog.SettingsKey)
                        .PutAsync(metadata.Name, CanonicalJson.Of(provider.Spec), new Dictionary<string, string>(metadata.Labels), metadata.ResourceVersion)
                        .WaitAsync(cancellationToken);
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

    private static StoredProvider? IsStored(ProviderManifest provider, Declarations declared) =>
        declared.Providers.FirstOrDefault(p => p.Name == provider.Metadata.Name) is { Deleting: false } stored
        && Declarations.ManifestOf(stored) is var there
        && there.Spec == provider.Spec
        && there.Metadata.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).SequenceEqual(provider.Metadata.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
            ? stored
            : null;

    /// <summary>
    /// A repeated request finds its own changes. Where a document was accepted under this very request, the version it
    /// was based on has been replaced by itself and proves nothing.
    /// </summary>
    private static ManifestReadResult WithoutAnsweredPreconditions(ManifestReadResult incoming, Declarations declared, string requestId) => incoming with
    {
        Providers = [.. incoming.Providers.Select(p => IsStored(p.Manifest, declared) is null
            ? p
            : p with { Manifest = p.Manifest with { Metadata = p.Manifest.Metadata with { ResourceVersion = null } } })],
        Environments = [.. incoming.Environments.Select(e => RequestIds.IsAnswered(declared, e.Manifest.Metadata.Name, requestId, e.Manifest.Key)
            ? e with { Manifest = e.Manifest with { Metadata = e.Manifest.Metadata with { ResourceVersion = null } } }
            : e)],
        Clusters = [.. incoming.Clusters.Select(c => RequestIds.IsAnswered(declared, c.Manifest.Metadata.Environment!, requestId, c.Manifest.Key)
            ? c with { Manifest = c.Manifest with { Metadata = c.Manifest.Metadata with { ResourceVersion = null } } }
            : c)],
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

    private static RpcException Refused(ResourceKey key, string why, bool precondition, RepeatedField<V1.DocumentResult> accepted)
    {
        var before = accepted.Count == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" Accepted before it: {string.Join(", ", accepted.Select(d => $"{d.Kind} {d.Key}"))}.");
        var sentence = $"{Capitalised(key.ToString())} was refused: {why}{before}";
        return precondition ? Refusal.Precondition(sentence, Refusal.StateType, key.Path) : Refusal.InvalidArgument(sentence);
    }

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
