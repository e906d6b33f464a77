using Tarmak.Grains.Agents;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// Makes the secrets at one place those of another: each is copied, read back and compared, and what is not at the source
/// is taken away. Doing it again, or from the middle, changes nothing more.
/// </summary>
internal static class SecretCopying
{
    /// <summary>Secrets of one step.</summary>
    public const int PageSize = 16;

    /// <summary>Does one page.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="source">Where the secrets are.</param>
    /// <param name="target">Where they are copied to.</param>
    /// <param name="after">The last name of the page before; null: from the beginning.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The last name of the page; null when none is left.</returns>
    public static async Task<string?> PageAsync(
        string environment, ISecretStore source, ISecretStore target, string? after, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var prefix in AgentPlaces.SecretPrefixes(environment))
        {
            names.UnionWith(await source.ListAsync(prefix, cancellationToken).ConfigureAwait(false));
            names.UnionWith(await target.ListAsync(prefix, cancellationToken).ConfigureAwait(false));
        }

        var page = names.Where(name => string.CompareOrdinal(name, after) > 0).Take(PageSize + 1).ToList();
        foreach (var name in page.Take(PageSize))
        {
            await CopyAsync(name, source, target, cancellationToken).ConfigureAwait(false);
        }

        return page.Count > PageSize ? page[PageSize - 1] : null;
    }

    /// <summary>
    /// Whoever changes a secret meanwhile changes it at the source first and at a whole copy after that, so the source is
    /// looked at again after each change: what came between is brought over too.
    /// </summary>
    private static async Task CopyAsync(string name, ISecretStore source, ISecretStore target, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wanted = await source.GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (wanted is null)
            {
                await target.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var stored = await target.CreateIfAbsentAsync(name, wanted.Value, cancellationToken).ConfigureAwait(false);
                if (!Same(stored, wanted))
                {
                    await target.CompareAndSetAsync(name, wanted.Value, stored.Version, cancellationToken).ConfigureAwait(false);
                }
            }

            var now = await source.GetAsync(name, cancellationToken).ConfigureAwait(false);
            if (!Same(now, wanted))
            {
                continue;
            }

            if (!Same(await target.GetAsync(name, cancellationToken).ConfigureAwait(false), wanted))
            {
                throw new ProviderException(ErrorClass.Transient, $"the copy of {name} reads otherwise than it was written");
            }

            return;
        }
    }

    private static bool Same(Secret? one, Secret? other) =>
        one is null ? other is null : other is not null && one.Value.Span.SequenceEqual(other.Value.Span);
}
