using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A secret store as it should be. A wrong one differs in one method.</summary>
internal partial class MemorySecretStore : ISecretStore
{
    protected Lock Gate { get; } = new();

    protected SortedDictionary<string, List<byte[]>> Versions { get; } = new(StringComparer.Ordinal);

    public virtual Task<Secret?> GetAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        lock (Gate)
        {
            return Task.FromResult(Newest(name));
        }
    }

    public virtual async Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        CheckName(name);
        CheckSize(value);
        await Task.Yield();
        lock (Gate)
        {
            return Newest(name) ?? Write(name, value);
        }
    }

    public virtual async Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken)
    {
        CheckName(name);
        CheckSize(value);
        await Task.Yield();
        lock (Gate)
        {
            return (Newest(name)?.Version ?? 0) == expectedVersion ? Write(name, value) : null;
        }
    }

    public virtual Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        lock (Gate)
        {
            Versions.Remove(name);
        }

        return Task.CompletedTask;
    }

    public virtual Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        lock (Gate)
        {
            return Task.FromResult<IReadOnlyList<string>>([.. Versions.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal))]);
        }
    }

    protected virtual void CheckSize(ReadOnlyMemory<byte> value)
    {
        if (value.Length > 64 * 1024)
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"The value has {value.Length} bytes; at most 65536 are kept.");
        }
    }

    protected virtual void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"\"{name}\" is no name of a secret.");
        }
    }

    protected Secret? Newest(string name) => Versions.TryGetValue(name, out var all) ? new Secret(all[^1], all.Count) : null;

    protected virtual Secret Write(string name, ReadOnlyMemory<byte> value)
    {
        if (!Versions.TryGetValue(name, out var all))
        {
            Versions[name] = all = [];
        }

        all.Add(value.ToArray());
        return new Secret(value, all.Count);
    }

    [GeneratedRegex(@"^[a-z0-9._-]+(?:/[a-z0-9._-]+)*\z")]
    private static partial Regex NamePattern();
}
