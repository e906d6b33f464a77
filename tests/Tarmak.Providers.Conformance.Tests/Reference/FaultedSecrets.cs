using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>A secret store whose account fails, told as it should be.</summary>
/// <param name="fault">How it fails.</param>
internal class FaultedSecrets(FaultCase fault) : MemorySecretStore
{
    public override Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => throw Told(value);

    public override Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => throw Told(default);

    protected virtual ProviderException Told(ReadOnlyMemory<byte> value) => new(fault.Error ?? ErrorClass.Transient, $"The secret store: {fault.Name}.");
}
