using Tarmak.Grains.Drivers;
using Tarmak.Grains.Providers;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Moves;

/// <summary>An environment's secrets at one of their places.</summary>
/// <param name="places">Says which place is in force.</param>
/// <param name="providers">The bound providers.</param>
public sealed class SecretCopyDriver(SecretPlaces places, IProviders providers) : CopyDriver<SecretCopySpec>(ResourceKinds.SecretCopy, EngineDrivers.CallDeadline)
{
    private protected override string What(SecretCopySpec spec) => $"The secrets of environment {spec.Environment}";

    private protected override string IdOf(SecretCopySpec spec) => FormattableString.Invariant($"{spec.Environment}/{spec.Place}");

    private protected override async Task<SecretCopySpec?> InForceAsync(SecretCopySpec spec, CancellationToken cancellationToken) =>
        await places.RecordedAsync(spec.Environment, cancellationToken).ConfigureAwait(false) is { } inForce
            ? new SecretCopySpec(spec.Environment, inForce.Place, inForce.Provider)
            : null;

    private protected override async Task<CopyPlace> OpenAsync(SecretCopySpec spec, CancellationToken cancellationToken) =>
        new SecretCopyPlace(spec.Environment, await providers.SecretStoreAsync(spec.Provider, cancellationToken).ConfigureAwait(false));
}
