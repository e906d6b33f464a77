using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>A provider that keeps secrets in memory, counts its calls, and has something happen at one of them.</summary>
internal sealed class Vault : IProvider, ISecretStore
{
    private readonly Dictionary<string, Secret> secrets = new(StringComparer.Ordinal);
    private bool isInside;

    public RequirementSheet Sheet { get; } = new() { Type = "vault", Summary = "Secrets in memory.", Capabilities = [] };

    public ISecretStore SecretStore => this;

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>What happens before (true) and after a call, by the call's number. What happens there may call this store; that is not counted.</summary>
    public Action<int, bool>? At { get; set; }

    /// <summary>Whether it answers.</summary>
    public bool Silent { get; set; }

    public IReadOnlyDictionary<string, string> Content => secrets.ToDictionary(s => s.Key, s => System.Text.Encoding.UTF8.GetString(s.Value.Value.Span), StringComparer.Ordinal);

    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Call(() => secrets.GetValueOrDefault(name)));

    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => Task.FromResult(Call(() =>
    {
        secrets.TryAdd(name, new Secret(value.ToArray(), 1));
        return secrets[name];
    }));

    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) => Task.FromResult(Call(() =>
        (secrets.GetValueOrDefault(name)?.Version ?? 0) == expectedVersion ? secrets[name] = new Secret(value.ToArray(), expectedVersion + 1) : null));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Call(() => secrets.Remove(name)));

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => Task.FromResult(Call<IReadOnlyList<string>>(() =>
        [.. secrets.Keys.Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]));

    public Task<IReadOnlyList<RequirementFinding>> VerifyAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<RequirementFinding>>([]);

    public Task<IReadOnlyList<string>> CheckAsync(PreflightRequest request, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private T Call<T>(Func<T> call)
    {
        if (Silent)
        {
            throw new ProviderException(ErrorClass.Transient, "The vault does not answer.");
        }

        if (isInside)
        {
            return call();
        }

        var number = Calls++;
        Tell(number, before: true);
        var result = call();
        Tell(number, before: false);
        return result;
    }

    private void Tell(int number, bool before)
    {
        isInside = true;
        try
        {
            At?.Invoke(number, before);
        }
        finally
        {
            isInside = false;
        }
    }
}
