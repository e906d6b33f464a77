using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Files;

namespace Tarmak.Providers.Container.SecretStore;

/// <summary>
/// Capability SecretStore: files under AES-256-GCM, one per version, with name and version bound to the text. The key is
/// a file of mode 0600 beside them, made once. A lock file orders writers of all processes.
/// </summary>
internal sealed partial class FileSecretStore : ISecretStore
{
    private const int LargestValue = 64 * 1024;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int KeyLength = 32;
    private const byte Format = 1;
    private readonly string secrets;
    private readonly string keyPath;

    /// <summary>Makes a store.</summary>
    /// <param name="folder">Where key and secrets are kept.</param>
    public FileSecretStore(string folder)
    {
        secrets = Path.Combine(folder, "secrets");
        keyPath = Path.Combine(folder, "secrets.key");
    }

    /// <inheritdoc/>
    public Task<Secret?> GetAsync(string name, CancellationToken cancellationToken) => GuardAsync(name, () =>
    {
        var folder = FolderOf(name);
        var version = Newest(folder);
        return Task.FromResult(version == 0 ? null : Read(name, folder, version));
    });

    /// <inheritdoc/>
    public Task<Secret> CreateIfAbsentAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        CheckSize(name, value);
        var folder = FolderOf(name);
        using (await DurableFiles.LockAsync(secrets, cancellationToken).ConfigureAwait(false))
        {
            var version = Newest(folder);
            return version == 0 ? Write(name, folder, 1, value) : Read(name, folder, version);
        }
    });

    /// <inheritdoc/>
    public Task<Secret?> CompareAndSetAsync(string name, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        CheckSize(name, value);
        var folder = FolderOf(name);
        using (await DurableFiles.LockAsync(secrets, cancellationToken).ConfigureAwait(false))
        {
            return Newest(folder) == expectedVersion ? Write(name, folder, expectedVersion + 1, value) : null;
        }
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => GuardAsync(name, async () =>
    {
        var folder = FolderOf(name);
        using (await DurableFiles.LockAsync(secrets, cancellationToken).ConfigureAwait(false))
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
                DurableFiles.SyncFolder(secrets);
            }
        }

        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken) => GuardAsync(null, () =>
    {
        IReadOnlyList<string> names = !Directory.Exists(secrets)
            ? []
            : [.. Directory.GetDirectories(secrets)
                .Where(f => Newest(f) > 0)
                .Select(f => Path.GetFileName(f)[2..].Replace('~', '/'))
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        return Task.FromResult(names);
    });

    /// <summary>Removes the key where there is no secret that needs it, and the folder of secrets with its lock.</summary>
    public Task RemoveUnusedAsync(CancellationToken cancellationToken) =>
        DurableFiles.RemoveUnusedAsync(secrets, DurableFiles.HasFolders, () => File.Delete(keyPath), cancellationToken);

    private static void CheckSize(string name, ReadOnlyMemory<byte> value)
    {
        if (value.Length > LargestValue)
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"The secret {name} has {value.Length} bytes; at most {LargestValue} are kept.");
        }
    }

    private static async Task<T> GuardAsync<T>(string? name, Func<Task<T>> work)
    {
        if (name is not null && (name.Length > 200 || !NamePattern().IsMatch(name)))
        {
            throw new ProviderException(ErrorClass.InvalidSpec, $"\"{name}\" is no name of a secret: use a-z, 0-9, dot, dash, underscore and slash, at most 200.");
        }

        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ErrorClass.Transient, $"The secret store could not use its files for {name ?? "a list"}: {fault.Message}", fault);
        }
    }

    // A file per version in a folder per secret: "a" and "a/b" can both be secrets.
    private static long Newest(string folder) => !Directory.Exists(folder) ? 0 : Directory.GetFiles(folder)
        .Select(f => long.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0)
        .DefaultIfEmpty(0).Max();

    private static string FileOf(string folder, long version) => Path.Combine(folder, version.ToString("D10", CultureInfo.InvariantCulture));

    private static byte[] Bound(string name, long version) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\n{version}"));

    private string FolderOf(string name) => Path.Combine(secrets, "s-" + name.Replace('/', '~'));

    private Secret Write(string name, string folder, long version, ReadOnlyMemory<byte> value)
    {
        var key = Key(mayCreate: true);
        var text = new byte[1 + NonceLength + TagLength + value.Length];
        text[0] = Format;
        RandomNumberGenerator.Fill(text.AsSpan(1, NonceLength));
        using (var cipher = new AesGcm(key, TagLength))
        {
            cipher.Encrypt(
                text.AsSpan(1, NonceLength), value.Span, text.AsSpan(1 + NonceLength + TagLength), text.AsSpan(1 + NonceLength, TagLength), Bound(name, version));
        }

        CryptographicOperations.ZeroMemory(key);
        if (!Directory.Exists(folder))
        {
            DurableFiles.CreateFolder(folder);
        }

        DurableFiles.Write(FileOf(folder, version), text);
        return new Secret(value, version);
    }

    private Secret Read(string name, string folder, long version)
    {
        var key = Key(mayCreate: false);
        var text = File.ReadAllBytes(FileOf(folder, version));
        if (text.Length < 1 + NonceLength + TagLength || text[0] != Format)
        {
            throw new ProviderException(ErrorClass.Terminal, $"The secret {name} is damaged; restore the secret store from a backup.");
        }

        var value = new byte[text.Length - 1 - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(
                text.AsSpan(1, NonceLength), text.AsSpan(1 + NonceLength + TagLength), text.AsSpan(1 + NonceLength, TagLength), value, Bound(name, version));
        }
        catch (CryptographicException wrong)
        {
            throw new ProviderException(ErrorClass.Terminal, $"The secret {name} does not fit the key {keyPath}, or was changed; restore both from a backup.", wrong);
        }

        CryptographicOperations.ZeroMemory(key);
        return new Secret(value, version);
    }

    private byte[] Key(bool mayCreate)
    {
        if (!File.Exists(keyPath))
        {
            // The lock is held by every writer, so there is one maker. A key made anew beside old secrets would orphan them silently.
            if (!mayCreate || Directory.GetDirectories(secrets).Any(f => Newest(f) > 0))
            {
                throw new ProviderException(ErrorClass.Terminal, $"The key {keyPath} of the secret store is gone; restore it from a backup.");
            }

            var made = RandomNumberGenerator.GetBytes(KeyLength);
            DurableFiles.Write(keyPath, made);
            return made;
        }

        if (!OperatingSystem.IsWindows())
        {
            var mode = File.GetUnixFileMode(keyPath);
            if ((mode & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            {
                throw new ProviderException(ErrorClass.Unauthorized, $"Others may use the key {keyPath} of the secret store; make its mode 0600.");
            }
        }

        var key = File.ReadAllBytes(keyPath);
        return key.Length == KeyLength
            ? key
            : throw new ProviderException(ErrorClass.Terminal, $"The key {keyPath} of the secret store is damaged; restore it from a backup.");
    }

    [GeneratedRegex(@"^[a-z0-9._-]+(?:/[a-z0-9._-]+)*\z")]
    private static partial Regex NamePattern();
}
