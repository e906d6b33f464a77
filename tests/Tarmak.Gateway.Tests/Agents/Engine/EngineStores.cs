using System.Threading.Channels;
using Tarmak.Grains.Agents;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Gateway.Tests.Agents.Engine;

/// <summary>What outlives an engine that is killed.</summary>
internal sealed class EngineStores : IEnvironmentStores, IConvergenceHints, IMachineEvidence
{
    private readonly Channel<string> _hints = Channel.CreateUnbounded<string>();

    public MemorySecretStore Secrets { get; } = new();

    public MemoryObjectStorage Objects { get; } = new();

    public MemoryAgentDirectory Directory { get; } = new();

    public MemoryBundles Bundles { get; } = new();

    public MemoryGrants Grants { get; } = new();

    /// <summary>What the machines' cloud says of evidence; null: it takes none.</summary>
    public Func<string, ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, EvidenceVerdict>? Evidence { get; set; }

    public ValueTask<bool> IsNeededAsync(string instance, CancellationToken cancellationToken) => new(Evidence is not null);

    public Task<EvidenceVerdict> VerifyAsync(
        string instance, ReadOnlyMemory<byte> nonce, ReadOnlyMemory<byte> evidence, CancellationToken cancellationToken) =>
        Task.FromResult(Evidence!(instance, nonce, evidence));

    public ValueTask<ISecretStore> SecretsAsync(string environment, CancellationToken cancellationToken) => new(Secrets);

    public ValueTask<IObjectStorage> ObjectsAsync(string environment, string? provider, CancellationToken cancellationToken) => new(Objects);

    public void Nudge(string instance) => _hints.Writer.TryWrite(instance);

    /// <summary>Waits, hint by hint, until a condition holds.</summary>
    public async Task WaitAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        while (!await condition())
        {
            await _hints.Reader.ReadAsync(cancellationToken);
        }
    }
}
