using System.Text;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>Secrets in memory.</summary>
internal sealed class Vault : Kept, IProvider, ISecretStore
{
    private readonly Dictionary<string, Secret> secrets = new(StringComparer.Ordinal);

    public ISecretStore SecretStore => this;

    public IReadOnlyDictionary<string, string> Content => secrets.ToDictionary(s => s.Key, s => Encoding.UTF8.GetString(s.Value.Value.Span), StringComparer.Ordinal);

    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) => Call(() => secrets.GetValueOrDefault(name));

    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => Call(() =>
    {
        secrets.TryAdd(name, new Secret(value.ToArray(), 1));
        return secrets[name];
    });

    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) => Call(() =>
        (secrets.GetValueOrDefault(name)?.Version ?? 0) == expectedVersion ? secrets[name] = new Secret(value.ToArray(), expectedVersion + 1) : null);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Call(() => secrets.Remove(name));

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => Call<IReadOnlyList<string>>(() =>
        [.. secrets.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
}
