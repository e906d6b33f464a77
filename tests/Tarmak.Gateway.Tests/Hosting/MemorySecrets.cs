using System.Collections.Concurrent;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Gateway.Tests.Hosting;

internal sealed class MemorySecrets : ISecretStore
{
    private readonly ConcurrentDictionary<string, Secret> secrets = new(StringComparer.Ordinal);

    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(secrets.GetValueOrDefault(name));

    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Task.FromResult(secrets.GetOrAdd(name, _ => new Secret(value.ToArray(), 1)));

    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
    {
        var next = new Secret(value.ToArray(), expectedVersion + 1);
        var done = expectedVersion == 0
            ? secrets.TryAdd(name, next)
            : secrets.TryGetValue(name, out var present) && present.Version == expectedVersion && secrets.TryUpdate(name, next, present);
        return Task.FromResult(done ? next : null);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        secrets.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. secrets.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
}
