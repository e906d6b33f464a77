using Grpc.Core;
using Tarmak.Grains.Inventory;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Providers.Requirements;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>
/// Plans where no engine runs. It works on a copy of what the last engine recorded, so that nothing in the home changes,
/// no grain wakes up and no provider is asked.
/// </summary>
public static class OfflinePlanning
{
    /// <summary>Tells what Apply would do.</summary>
    /// <param name="home">The engine's home; it need not exist.</param>
    /// <param name="sheets">The types of provider this engine has.</param>
    /// <param name="request">The manifests.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RpcException">The manifests are refused.</exception>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    public static async Task<V1.PlanResponse> PlanAsync(
        string home, ProviderSheets sheets, V1.PlanRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var copy = Directory.CreateTempSubdirectory("tarmak-plan-");
        try
        {
            EngineDatabase.Copy(home, copy.FullName);
            await using var database = EngineDatabase.Open(copy.FullName, TimeProvider.System);
            var providers = await RecordedProviders.ReadAsync(database, cancellationToken);
            var declared = await DeclarationReader.ReadAsync(new SqliteInventory(database), providers, cancellationToken);
            return Operators.Planning.Plan(ManifestIntake.Read(request.Files), declared, new ManifestIntake(sheets));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    /// <summary>The refusal as clients of the gateway find it in the trailers: a google.rpc.Status.</summary>
    /// <param name="refusal">The refusal.</param>
    public static byte[] StatusOf(RpcException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Trailers.GetValueBytes(Refusal.DetailsTrailer) ?? [];
    }
}
