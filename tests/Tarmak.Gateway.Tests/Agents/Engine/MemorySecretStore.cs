using System.Collections.Concurrent;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>Secrets in memory.</summary>
internal sealed class MemorySecretStore : ISecretStore
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(_values.TryGetValue(name, out byte[]? value) ? new Secret(value, 1) : null);

    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Task.FromResult(new Secret(_values.GetOrAdd(name, value.ToArray()), 1));

    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nothing under test replaces a secret.");

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _values.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _values.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
}
