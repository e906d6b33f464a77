using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace Tarmak.Grains.Storage;

/// <summary>Orleans' persistence, with errors of the database told as <see cref="StorageException"/>.</summary>
internal sealed class ExplainingGrainStorage(IGrainStorage storage, EngineDatabase database) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ExplainAsync(storage.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ExplainAsync(storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ExplainAsync(storage.ClearStateAsync(stateName, grainId, grainState));

    private async Task ExplainAsync(Task operation)
    {
        try
        {
            await operation.ConfigureAwait(false);
        }
        catch (SqliteException error)
        {
            throw StorageException.From(error, database.Path);
        }
    }
}
