using Tarmak.Machines.Steps;
using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>Every fault the contract knows, at volumes and a secret store in memory.</summary>
/// <param name="volumes">The volumes under a fault.</param>
/// <param name="secrets">The secret store under a fault.</param>
internal sealed class MemoryFaults(Func<FaultCase, MemoryVolumes> volumes, Func<FaultCase, MemorySecretStore>? secrets = null) : IFaultInjection
{
    public const string Credential = "the-accounts-credential";

    public IReadOnlyList<FaultCase> Cases { get; } =
    [
        .. Enum.GetValues<ErrorClass>().Select(error => new FaultCase($"each call is refused as {error}", error) { Secret = Credential }),
        new("each answer is lost", null) { Secret = Credential },
    ];

    /// <summary>Whether what the provider needs can be looked at under a fault without a throw.</summary>
    public bool VerifyThrows { get; init; }

    public Task<FaultyOpening> OpenAsync(FaultCase fault, CancellationToken cancellationToken) => Task.FromResult(new FaultyOpening(new MemoryCloud(
        () => (secrets ?? (static f => new FaultedSecrets(f)))(fault), static () => null, () => volumes(fault)) { VerifyThrows = VerifyThrows }.Open()));
}
