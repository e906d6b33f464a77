using Tarmak.Grains.Identity;
using Tarmak.Grains.Moves;
using Tarmak.Grains.Providers;

namespace Tarmak.Grains.Exports;

/// <summary>What exports work with.</summary>
/// <param name="Store">The engine's database.</param>
/// <param name="Places">Says where exports are kept.</param>
/// <param name="Providers">The bound providers.</param>
/// <param name="Secrets">The engine's own secrets.</param>
/// <param name="Key">Seals exports.</param>
/// <param name="Installation">Identity of the installation.</param>
/// <param name="Time">The clock.</param>
internal sealed record ExportServices(
    ExportStore Store, StoragePlaces Places, IProviders Providers, EngineSecrets Secrets, RecoveryKey Key, InstallationIdentity Installation, TimeProvider Time);
