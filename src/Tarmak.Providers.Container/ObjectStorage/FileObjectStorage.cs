using System.Globalization;
using System.Security.Cryptography;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container.ObjectStorage;

/// <summary>Capability ObjectStorage: a folder per bucket and object, a file per version. A lock file per bucket orders writers.</summary>
internal sealed class FileObjectStorage : IObjectStorage
{
    private readonly string root;

    /// <summary>Makes a store.</summary>
    /// <param name="root">Folder of all buckets.</param>
    public FileObjectStorage(string root)
    {
        this.root = root;
        Buckets = new BucketDriver(root);
    }

    /// <inheritdoc/>
    public IResourceDriver<BucketSpec> Buckets { get; }

    /// <inheritdoc/>
    public Task<StoredObject?> GetAsync(string bucketId, string key, CancellationToken cancellationToken) => GuardAsync(bucketId, key, async () =>
    {
        var folder = FolderOf(bucketId, key);
        var version = Newest(folder);
        if (version == 0)
        {
            return null;
        }

        var content = await File.ReadAllBytesAsync(FileOf(folder, version), cancellationToken).ConfigureAwait(false);
        return new StoredObject(content, ETag(version, content));
    });

    /// <inheritdoc/>
    public Task<string?> PutAsync(
        string bucketId, string key, ReadOnlyMemory<byte> content, PutCondition? condition, CancellationToken cancellationToken) => GuardAsync(bucketId, key, async () =>
    {
        var bucket = BucketOf(bucketId);
        using (await DurableFiles.LockAsync(bucket, cancellationToken).ConfigureAwait(false))
        {
            var folder = FolderOf(bucketId, key);
            var newest = Newest(folder);
            if (condition is not null)
            {
                var present = newest == 0 ? null : ETag(newest, await File.ReadAllBytesAsync(FileOf(folder, newest), cancellationToken).ConfigureAwait(false));
                if (present != condition.IfMatch)
                {
                    return null;
                }
            }

            DurableFiles.CreateFolder(folder);
            DurableFiles.Write(FileOf(folder, newest + 1), content.Span);
            return ETag(newest + 1, content.Span);
        }
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string bucketId, string key, CancellationToken cancellationToken) => GuardAsync(bucketId, key, async () =>
    {
        var bucket = BucketOf(bucketId);
        using (await DurableFiles.LockAsync(bucket, cancellationToken).ConfigureAwait(false))
        {
            var folder = FolderOf(bucketId, key);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
                DurableFiles.SyncFolder(bucket);
            }
        }

        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string bucketId, string prefix, CancellationToken cancellationToken) => GuardAsync(bucketId, prefix, () =>
    {
        IReadOnlyList<string> keys =
        [
            .. Directory.GetDirectories(BucketOf(bucketId), "o-*")
                .Where(f => Newest(f) > 0)
                .Select(f => Uri.UnescapeDataString(Path.GetFileName(f)[2..]))
                .Where(k => k.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        return Task.FromResult(keys);
    });

    private static async Task<T> GuardAsync<T>(string bucketId, string key, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ErrorClass.Transient, $"Object {key} of bucket {bucketId} could not be used: {fault.Message}", fault);
        }
    }

    private static long Newest(string folder) => !Directory.Exists(folder) ? 0 : Directory.GetFiles(folder)
        .Select(f => long.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
        .DefaultIfEmpty(0).Max();

    private static string FileOf(string folder, long version) => Path.Combine(folder, version.ToString("D10", CultureInfo.InvariantCulture));

    private static string ETag(long version, ReadOnlySpan<byte> content) =>
        string.Create(CultureInfo.InvariantCulture, $"{version}-{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}");

    private string BucketOf(string bucketId)
    {
        var bucket = Path.Combine(root, bucketId);
        return bucketId.Length > 0 && Path.GetFileName(bucketId) == bucketId && bucketId[0] != '.' && File.Exists(Path.Combine(bucket, BucketDriver.MarksFile))
            ? bucket
            : throw new ProviderException(ErrorClass.NotFound, $"There is no bucket {bucketId}.");
    }

    private string FolderOf(string bucketId, string key)
    {
        var name = "o-" + Uri.EscapeDataString(key);
        return name.Length is > 2 and <= 255
            ? Path.Combine(BucketOf(bucketId), name)
            : throw new ProviderException(ErrorClass.InvalidSpec, $"The key \"{key}\" is empty or too long for this store.");
    }
}
