using System.Globalization;
using Tarmak.Grains.Agents;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>An environment's secrets in one store.</summary>
/// <param name="environment">Environment name.</param>
/// <param name="store">The store.</param>
internal sealed class SecretCopyPlace(string environment, ISecretStore store) : CopyPlace
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        foreach (var prefix in AgentPlaces.SecretPrefixes(environment))
        {
            names.AddRange(await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false));
        }

        names.RemoveAll(name => name.StartsWith(ProbeOf(""), StringComparison.Ordinal));
        return names;
    }

    /// <inheritdoc/>
    public override async Task<CopiedValue?> ReadAsync(string name, CancellationToken cancellationToken) =>
        await store.GetAsync(name, cancellationToken).ConfigureAwait(false) is { } stored
            ? new CopiedValue(stored.Value, stored.Version.ToString(CultureInfo.InvariantCulture))
            : null;

    /// <inheritdoc/>
    public override async Task<bool> WriteAsync(string name, ReadOnlyMemory<byte> content, string? over, CancellationToken cancellationToken) =>
        await store.CompareAndSetAsync(name, content, over is null ? 0 : long.Parse(over, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false) is not null;

    /// <inheritdoc/>
    public override Task DeleteAsync(string name, CancellationToken cancellationToken) => store.DeleteAsync(name, cancellationToken);

    /// <inheritdoc/>
    public override string ProbeOf(string uid) => $"{AgentPlaces.SecretPrefixes(environment)[0]}probe-{uid.ToLowerInvariant()}";
}
