using Tarmak.Grains.Exports;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Environments;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Requirements;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Answers what providers there are, what they need, whether they have it, and which one serves what.</summary>
internal sealed class ProviderInquiry(DeclarationReader declarations, ProviderSheets sheets, ProviderCatalog providers, BindingMoves moves, ExportStandings exports, TimeProvider time)
{
    public async Task<V1.ProviderTypesResponse> TypesAsync(CancellationToken cancellationToken)
    {
        var declared = await declarations.ReadAsync(cancellationToken);
        var byType = declared.Providers.ToLookup(p => Declarations.SpecOf(p).Type, p => p.Name, StringComparer.Ordinal);
        var answer = new V1.ProviderTypesResponse();
        answer.Types_.AddRange(sheets.Types.Select(type => SheetMapper.ToType(sheets.OfType(type)!, byType[type])));
        return answer;
    }

    public async Task<V1.RequirementSheet> RequirementsAsync(string name, CancellationToken cancellationToken)
    {
        var declared = await declarations.ReadAsync(cancellationToken);
        var sheet = declared.Providers.FirstOrDefault(p => p.Name == name) is { } stored ? sheets.Of(Declarations.SpecOf(stored)) : sheets.OfType(name);
        return sheet is null
            ? throw Refusal.NotFound($"There is neither a provider nor a type of provider {name}; {Named(declared)}")
            : SheetMapper.ToContract(sheet);
    }

    public async Task<V1.VerifyProviderResponse> VerifyAsync(string name, CancellationToken cancellationToken)
    {
        var declared = await declarations.ReadAsync(cancellationToken);
        if (!declared.Providers.Any(p => p.Name == name))
        {
            throw Refusal.NotFound($"There is no provider {name}; {Named(declared)}");
        }

        try
        {
            var provider = await providers.GetAsync(name, cancellationToken);
            var findings = await provider.VerifyAsync(cancellationToken);
            var answer = new V1.VerifyProviderResponse();
            answer.Findings.AddRange(findings.Select(f => SheetMapper.ToContract(f, provider.Sheet)));
            return answer;
        }
        catch (ProviderException refused)
        {
            throw Refusal.Precondition(refused.Message, Refusal.PreflightType, $"provider {name}");
        }
    }

    public async Task<V1.BindingsResponse> BindingsAsync(string key, CancellationToken cancellationToken)
    {
        var parts = key.Split('/');
        if (parts.Length > 2 || parts[0].Length == 0)
        {
            throw Refusal.InvalidArgument($"'{key}' is no environment and no cluster; write ENVIRONMENT or ENVIRONMENT/NAME.");
        }

        var declared = await declarations.ReadAsync(cancellationToken);
        var environment = declared.Environments.GetValueOrDefault(parts[0])?.Desired;
        if (environment?.Environment is not { Spec: var spec } || (parts is [_, var cluster] && !environment.Clusters.ContainsKey(cluster)))
        {
            throw Refusal.NotFound($"There is no {(parts.Length == 1 ? "environment" : "cluster")} {key}.");
        }

        var answer = new V1.BindingsResponse();
        answer.Bindings.AddRange(new Bindings(spec).All.Select(binding => ToContract(binding, declared)));
        foreach (var binding in answer.Bindings)
        {
            binding.Move = await moves.FindAsync(parts[0], environment, binding.Key, cancellationToken);
            binding.Standing = binding.Key == BoundPlace.StateUse ? Standing(exports.Find(parts[0])) : "";
        }

        return answer;
    }

    private string Standing(ExportStanding? standing) => standing switch
    {
        null => "not exported yet",
        { Failure: { } why, BehindSince: { } since } => $"behind for {Age(since)}: {why}",
        { BehindSince: { } since } => $"behind for {Age(since)}",
        { At: { } at } => $"exported {Age(at)} ago",
        _ => "not exported yet",
    };

    private string Age(DateTimeOffset since) => time.GetUtcNow() - since is { TotalMinutes: >= 1 } age
        ? FormattableString.Invariant($"{age.TotalMinutes:0} min")
        : FormattableString.Invariant($"{Math.Max(0, (time.GetUtcNow() - since).TotalSeconds):0} s");

    private V1.CapabilityBinding ToContract(CapabilityBinding binding, Declarations declared)
    {
        var stored = declared.Providers.FirstOrDefault(p => p.Name == binding.Provider);
        var sheet = stored is null ? null : sheets.Of(Declarations.SpecOf(stored));
        var capability = OverrideKeys.StorageUses.Contains(binding.Key) ? CapabilityNames.ObjectStorage : binding.Key;
        return new V1.CapabilityBinding
        {
            Key = binding.Key,
            Provider = binding.Provider,
            Type = sheet?.Type ?? "",
            Source = binding.Field,
            Setting = binding.Zone ?? binding.Bucket ?? "",
            Offered = sheet?.Find(capability) is not null,
        };
    }

    private string Named(Declarations declared)
    {
        var names = declared.Providers.Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        return $"{(names.Count == 0 ? "no provider is declared" : $"declared are {string.Join(", ", names)}")}, and types are {string.Join(", ", sheets.Types)}.";
    }
}
