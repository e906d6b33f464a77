using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using Tarmak.Model.Serialization;
using Tarmak.Providers;

namespace Tarmak.Gateway.Operators;

/// <summary>Asks the providers, before anything is accepted, whether what is new could be made.</summary>
internal sealed class Preflight(ProviderCatalog providers, GatewayInstruments instruments)
{
    /// <exception cref="Grpc.Core.RpcException">Something stands in the way; every sentence is in it.</exception>
    public async Task CheckAsync(ManifestReadResult incoming, Declarations declared, CancellationToken cancellationToken)
    {
        List<(string Provider, string Sentence)> obstacles = [];
        foreach (var (name, request) in Requests(incoming, declared).OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            using var span = instruments.StartPreflight(name);
            try
            {
                var provider = await ProviderAsync(name, incoming, declared, cancellationToken);
                await using (provider.Temporary)
                {
                    var answers = await provider.Asked.CheckAsync(request.ToRequest(), cancellationToken);
                    obstacles.AddRange(answers.Select(answer => (name, answer)));
                }
            }
            catch (ProviderException exception)
            {
                obstacles.Add((name, exception.Message));
            }
        }

        if (obstacles.Count > 0)
        {
            throw Refusal.Precondition(
                string.Join('\n', obstacles.Select(o => o.Sentence)),
                obstacles.Select(o => (Refusal.PreflightType, $"provider {o.Provider}", o.Sentence)));
        }
    }

    private async Task<(IProvider Asked, IAsyncDisposable? Temporary)> ProviderAsync(
        string name, ManifestReadResult incoming, Declarations declared, CancellationToken cancellationToken)
    {
        var manifest = incoming.Providers.FirstOrDefault(p => p.Manifest.Metadata.Name == name)?.Manifest;
        if (manifest is null || !IsNew(manifest, declared))
        {
            return (await providers.GetAsync(name, cancellationToken), null);
        }

        var made = providers.Create(name, CanonicalJson.Of(manifest.Spec));
        return (made, made);
    }

    private static bool IsNew(ProviderManifest manifest, Declarations declared) =>
        declared.Providers.FirstOrDefault(p => p.Name == manifest.Metadata.Name) is not { } stored
        || Declarations.SpecOf(stored) != manifest.Spec;

    private static Dictionary<string, Wanted> Requests(ManifestReadResult incoming, Declarations declared)
    {
        Dictionary<string, Wanted> requests = new(StringComparer.Ordinal);
        foreach (var (provider, _) in incoming.Providers.Where(p => IsNew(p.Manifest, declared)))
        {
            For(provider.Metadata.Name);
        }

        foreach (var (environment, _) in incoming.Environments)
        {
            var before = declared.Environments.GetValueOrDefault(environment.Metadata.Name)?.Desired.Environment?.Spec;
            if (before is null || before.Edge != environment.Spec.Edge)
            {
                For(environment.Spec.Provider).Edges.Add((environment.Metadata.Name, environment.Spec.Edge?.Ports?.ToString()));
            }

            var bindings = new Bindings(environment.Spec);
            if (bindings.PublicZone is { } zone && (before is null || new Bindings(before).PublicZone != zone))
            {
                For(bindings.For(CapabilityNames.Dns).Provider).Zones.Add((environment.Metadata.Name, zone));
            }
        }

        foreach (var (cluster, _) in incoming.Clusters)
        {
            var (environment, name) = (cluster.Metadata.Environment!, cluster.Metadata.Name);
            var there = declared.Environments.GetValueOrDefault(environment)?.Desired;
            var provider = incoming.Environments.FirstOrDefault(e => e.Manifest.Metadata.Name == environment)?.Manifest.Spec.Provider
                ?? there?.Environment?.Spec.Provider;
            if (provider is null)
            {
                continue;
            }

            var before = there?.Clusters.GetValueOrDefault(name)?.Manifest.Spec;
            if (before is null)
            {
                var network = MachineAddress.OfCluster(environment, name).Capability(ResourceKinds.Network, "main");
                For(provider).Networks.Add((network.Key, cluster.Spec.Network.Cidr));
            }
        }

        return requests;

        Wanted For(string provider) => requests.TryGetValue(provider, out var wanted) ? wanted : requests[provider] = new Wanted();
    }

    private sealed class Wanted
    {
        public List<(string OwnerKey, string Cidr)> Networks { get; } = [];

        public List<(string Environment, string? Ports)> Edges { get; } = [];

        public List<(string Environment, string Zone)> Zones { get; } = [];

        public PreflightRequest ToRequest() => new(Networks, Edges) { Zones = Zones };
    }
}
