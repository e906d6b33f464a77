namespace Tarmak.Providers.S3;

/// <summary>A version of an object, or a mark that it was deleted.</summary>
/// <param name="Key">Its stored key.</param>
/// <param name="Id">Its version; null where the server keeps none.</param>
/// <param name="IsNewest">Whether readers get it.</param>
internal sealed record ObjectVersion(string Key, string? Id, bool IsNewest = false);
