using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers;

/// <summary>How drift is noticed: provider events where they exist, and the list of owned objects at a cadence.</summary>
public interface IObjectWatch
{
    /// <summary>The resource kinds that <see cref="ListOwnedAsync"/> lists; a kind not in it is observed one by one, seldom.</summary>
    IReadOnlySet<string> ListedKinds { get; }

    /// <summary>Changes as the provider tells them. Losing or doubling one changes nothing: each is a hint.</summary>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>The marks of objects that may have changed.</returns>
    IAsyncEnumerable<OwnerMarks> WatchAsync(CancellationToken cancellationToken);

    /// <summary>All objects that carry this installation's marks.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The objects.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    Task<IReadOnlyList<OwnedObject>> ListOwnedAsync(CancellationToken cancellationToken);

    /// <summary>A page of what <see cref="ListOwnedAsync"/> lists, by one call to the cloud where it lists by page.</summary>
    /// <param name="after">Where the page begins, as the one before told; null: at the beginning.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The page; by default, all there is.</returns>
    /// <exception cref="ProviderException">The provider did not answer or refused.</exception>
    async Task<OwnedPage> ListPageAsync(string? after, CancellationToken cancellationToken) =>
        new(await ListOwnedAsync(cancellationToken).ConfigureAwait(false), null);
}

/// <summary>A page of owned objects.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Next">Where the next page begins; null: it was the last.</param>
public sealed record OwnedPage(IReadOnlyList<OwnedObject> Objects, string? Next);

/// <summary>One owned object in a list.</summary>
/// <param name="Marks">Its marks.</param>
/// <param name="Kind">Its resource kind.</param>
/// <param name="ObjectId">The provider's id.</param>
/// <param name="Running">Whether it runs, for kinds that run; else true.</param>
public sealed record OwnedObject(OwnerMarks Marks, string Kind, string ObjectId, bool Running);
