using Google.Protobuf;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Plugins.Calls;

namespace Tarmak.Providers.Plugins.Capabilities;

/// <summary>Capability SecretStore by a plugin. Each of its writes may be made again: what is there decides.</summary>
internal sealed class PluginSecretStore(PluginAccount account) : ISecretStore
{
    private readonly PluginCalls calls = account.Calls;

    /// <inheritdoc/>
    public async Task<Secret?> GetAsync(string name, CancellationToken cancellationToken)
    {
        const string Method = "SecretStore.Get";
        var request = new V1.GetSecretRequest { Account = account.Message, Name = name };
        var answer = await calls.SendAgainableAsync(Method, name, (i, o) => new V1.SecretStore.SecretStoreClient(i).GetAsync(request, o), cancellationToken).ConfigureAwait(false);
        return Read(answer, Method, name, []);
    }

    /// <inheritdoc/>
    public async Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        const string Method = "SecretStore.CreateIfAbsent";
        var request = new V1.CreateSecretRequest { Account = account.Message, Name = name, Value = UnsafeByteOperations.UnsafeWrap(value) };
        var answer = await calls.SendAgainableAsync(Method, name, (i, o) => new V1.SecretStore.SecretStoreClient(i).CreateIfAbsentAsync(request, o), cancellationToken).ConfigureAwait(false);
        return Read(answer, Method, name, value.Span) ?? throw calls.Garbage(Method, name, "nothing");
    }

    /// <inheritdoc/>
    public async Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
    {
        const string Method = "SecretStore.CompareAndSet";
        var request = new V1.SetSecretRequest { Account = account.Message, Name = name, Value = UnsafeByteOperations.UnsafeWrap(value), ExpectedVersion = expectedVersion };
        var answer = await calls.SendAgainableAsync(Method, name, (i, o) => new V1.SecretStore.SecretStoreClient(i).CompareAndSetAsync(request, o), cancellationToken).ConfigureAwait(false);
        return Read(answer, Method, name, value.Span);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        const string Method = "SecretStore.Delete";
        var request = new V1.DeleteSecretRequest { Account = account.Message, Name = name };
        var answer = await calls.SendAgainableAsync(Method, name, (i, o) => new V1.SecretStore.SecretStoreClient(i).DeleteAsync(request, o), cancellationToken).ConfigureAwait(false);
        if (answer.Refusal is { } refusal)
        {
            throw Refusals.Of(calls, refusal, Method, name);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        const string Method = "SecretStore.List";
        return new PagedList(calls, Method, $"{prefix}*").ReadNamesAsync(prefix, token =>
        {
            var request = new V1.ListSecretsRequest { Account = account.Message, Prefix = prefix, PageToken = token };
            return calls.SendAgainableAsync(Method, $"{prefix}*", (i, o) => new V1.SecretStore.SecretStoreClient(i).ListAsync(request, o), cancellationToken);
        });
    }

    private Secret? Read(V1.SecretResponse answer, string method, string name, ReadOnlySpan<byte> sent) =>
        answer.Refusal is { } refusal ? throw Refusals.Of(calls, refusal, method, name, sent)
        : answer.Secret is not { } secret ? null
        : secret.Version > 0 ? new Secret(secret.Value.Memory, secret.Version)
        : throw calls.Garbage(method, name, "a version below 1");
}
