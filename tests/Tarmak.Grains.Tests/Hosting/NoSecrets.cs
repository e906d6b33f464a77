using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Hosting;

/// <summary>Stores of secrets for machines that need none.</summary>
internal sealed class NoSecrets : ISecretStore, IFirstBootSecrets
{
    public Task<string> IssueAsync(string instance, string instanceUid, string token, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Secret?>(null);

    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Task.FromResult(new Secret(value.ToArray(), 1));

    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
}
