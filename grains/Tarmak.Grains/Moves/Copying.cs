using System.Security.Cryptography;
using Tarmak.Machines.Steps;
using Tarmak.Providers;

namespace Tarmak.Grains.Moves;

/// <summary>
/// Makes what is at one place that of another: each value is copied, read back and compared, and what is not at the source
/// is taken away. Doing it again, or from the middle, changes nothing more. No more than one value is held at a time.
/// </summary>
internal static class Copying
{
    /// <summary>Values of one step, at most.</summary>
    public const int PageSize = 16;

    /// <summary>Bytes after which a step takes no further value.</summary>
    public const long PageBytes = 8 << 20;

    /// <summary>What a place is marked with while it is being wiped, as the name of a probe.</summary>
    public const string LeftMark = "left";

    private const int MostRounds = 8;

    /// <summary>Does one page.</summary>
    /// <param name="source">Where the values are.</param>
    /// <param name="target">Where they are copied to.</param>
    /// <param name="after">The last name of the page before; null: from the beginning.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The last name of the page; null when none is left.</returns>
    /// <exception cref="ProviderException">One of the places did not answer or refused.</exception>
    public static async Task<string?> PageAsync(CopyPlace source, CopyPlace target, string? after, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(await source.ListAsync(cancellationToken).ConfigureAwait(false), StringComparer.Ordinal);
        var there = await target.ListAsync(cancellationToken).ConfigureAwait(false);
        await RequireLivingAsync(source, names.Count, there.Count, cancellationToken).ConfigureAwait(false);
        names.UnionWith(there);
        var (last, copied, bytes) = (after, 0, 0L);
        foreach (var name in names.Where(name => string.CompareOrdinal(name, after) > 0))
        {
            if (copied == PageSize || bytes >= PageBytes)
            {
                return last;
            }

            bytes += await OneAsync(name, source, target, cancellationToken).ConfigureAwait(false);
            (last, copied) = (name, copied + 1);
        }

        return null;
    }

    /// <summary>
    /// Refuses to take a place for the one in force that was left, or is empty where its copy is not. What is recorded may be
    /// older than what is: after a recovery, or where somebody else emptied a place. Then the copy is all there is.
    /// </summary>
    /// <param name="inForce">The place that is recorded to be in force.</param>
    /// <param name="count">Values there.</param>
    /// <param name="other">Values at the other place.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">It was left, or is empty.</exception>
    public static async Task RequireLivingAsync(CopyPlace inForce, int count, int other, CancellationToken cancellationToken)
    {
        if (other > 0 && (count == 0 || await inForce.ReadAsync(inForce.ProbeOf(LeftMark), cancellationToken).ConfigureAwait(false) is not null))
        {
            throw new ProviderException(
                ErrorClass.Conflict,
                $"The place in force {(count == 0 ? "is empty" : "was left before")}, and the other has {other} of them, which may be all there is, so nothing is taken away there; if they are not wanted, remove them there by hand.");
        }
    }

    /// <summary>
    /// Copies one value. Whoever changes it meanwhile changes it at the source first and then copies it like this, and the
    /// target's version is read before the source: so what is older is never written over what is newer.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="source">Where it is.</param>
    /// <param name="target">Where it is copied to.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Bytes it has.</returns>
    /// <exception cref="ProviderException">One of the places did not answer or refused.</exception>
    public static async Task<long> OneAsync(string name, CopyPlace source, CopyPlace target, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MostRounds; round++)
        {
            var present = await LookAsync(name, target, cancellationToken).ConfigureAwait(false);
            var (wanted, change) = await BringAsync(name, source, target, present, cancellationToken).ConfigureAwait(false);
            if (change == Change.None)
            {
                return wanted?.Length ?? 0;
            }

            if (change == Change.Crossed)
            {
                continue;
            }

            // A value made at the source while it was taken away here, say, is brought over in the next round.
            var written = await LookAsync(name, target, cancellationToken).ConfigureAwait(false);
            if (!Same(await LookAsync(name, source, cancellationToken).ConfigureAwait(false), wanted))
            {
                continue;
            }

            return Same(written, wanted)
                ? wanted?.Length ?? 0
                : throw new ProviderException(ErrorClass.Transient, $"The copy of {name} reads otherwise than it was written.");
        }

        throw new ProviderException(ErrorClass.Transient, $"{name} is changed again and again while it is copied.");
    }

    private static async Task<(Seen? Wanted, Change Change)> BringAsync(
        string name, CopyPlace source, CopyPlace target, Seen? present, CancellationToken cancellationToken)
    {
        if (await source.ReadAsync(name, cancellationToken).ConfigureAwait(false) is not { } value)
        {
            if (present is null)
            {
                return (null, Change.None);
            }

            await target.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            return (null, Change.Made);
        }

        var wanted = Seen.Of(value);
        if (Same(present, wanted))
        {
            return (wanted, Change.None);
        }

        var written = await target.WriteAsync(name, value.Content, present?.Version, cancellationToken).ConfigureAwait(false);
        return (wanted, written ? Change.Made : Change.Crossed);
    }

    private static async Task<Seen?> LookAsync(string name, CopyPlace place, CancellationToken cancellationToken) =>
        await place.ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } value ? Seen.Of(value) : null;

    private static bool Same(Seen? one, Seen? other) => one?.Digest == other?.Digest;

    private enum Change
    {
        None,
        Made,
        Crossed,
    }

    /// <summary>What is remembered of a value.</summary>
    private sealed record Seen(string Digest, string Version, long Length)
    {
        public static Seen Of(CopiedValue value) => new(Convert.ToHexStringLower(SHA256.HashData(value.Content.Span)), value.Version, value.Content.Length);
    }
}
