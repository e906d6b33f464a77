using System.Collections.Immutable;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Tells what Apply would do. Pure but for reading what is declared: nothing is accepted and no provider is asked.</summary>
internal sealed class Planning(DeclarationReader declarations, ManifestIntake intake)
{
    public async Task<V1.PlanResponse> PlanAsync(V1.PlanRequest request, CancellationToken cancellationToken)
    {
        var incoming = ManifestIntake.Read(request.Files);
        return Plan(incoming, await declarations.ReadAsync(cancellationToken), intake);
    }

    /// <summary>The plan from what is declared.</summary>
    public static V1.PlanResponse Plan(ManifestReadResult incoming, Declarations declared, ManifestIntake intake)
    {
        var consents = intake.Check(incoming, declared);

        var answer = new V1.PlanResponse();
        answer.Consents.AddRange(consents.Select(c => c.Name));
        answer.Changes.AddRange(incoming.Providers.Select(p => OfProvider(p.Manifest, declared)).OfType<V1.PlannedChange>());
        var names = incoming.Environments.Select(e => e.Manifest.Metadata.Name)
            .Concat(incoming.Clusters.Select(c => c.Manifest.Metadata.Environment!))
            .Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var before = declared.Environments.GetValueOrDefault(name)?.Desired;
            answer.Changes.AddRange(PlanComparison.Between(name, before, Accepted(name, before ?? new EnvironmentDesired(), incoming)));
        }

        return answer;
    }

    private static V1.PlannedChange? OfProvider(ProviderManifest provider, Declarations declared)
    {
        var stored = declared.Providers.FirstOrDefault(p => p.Name == provider.Metadata.Name);
        FieldChange[] fields = stored is null
            ? []
            : [.. ManifestDiff.Between(Declarations.SpecOf(stored), provider.Spec), .. MarkChanges.Between(Declarations.ManifestOf(stored).Metadata, provider.Metadata)];
        if (stored is not null && fields.Length == 0)
        {
            return null;
        }

        var change = new V1.PlannedChange
        {
            Action = stored is null ? V1.PlannedChange.Types.Action.Create : V1.PlannedChange.Types.Action.Change,
            Kind = KindNames.Provider,
            Key = provider.Metadata.Name,
        };
        change.Fields.AddRange(MarkChanges.ToContract(fields));
        return change;
    }

    /// <summary>The environment's wish as it would be: the same pure decisions that accept a command make it.</summary>
    private static EnvironmentDesired Accepted(string environment, EnvironmentDesired desired, ManifestReadResult incoming)
    {
        foreach (var (manifest, source) in incoming.Environments.Where(e => e.Manifest.Metadata.Name == environment))
        {
            desired = Next(Acceptance.PutEnvironment(
                desired, manifest.Spec, Sorted(manifest.Metadata.Labels), Sorted(manifest.Metadata.Annotations), null), source);
        }

        foreach (var (manifest, source) in incoming.Clusters.Where(c => c.Manifest.Metadata.Environment == environment))
        {
            // Consent is no part of what a cluster is to be; the one given before stays, so that it makes no difference.
            var consent = desired.Clusters.GetValueOrDefault(manifest.Metadata.Name)?.DataLossConsent ?? [];
            desired = Next(Acceptance.PutCluster(
                desired, manifest.Metadata.Name, manifest.Spec,
                Sorted(manifest.Metadata.Labels), Sorted(manifest.Metadata.Annotations), null, consent), source);
        }

        return desired;
    }

    private static EnvironmentDesired Next(Decision decision, ManifestSource source) =>
        decision.Desired ?? throw Refusal.Invalid([source.Problem("", decision.Refusal!)]);

    private static ImmutableSortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> marks) =>
        marks.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
