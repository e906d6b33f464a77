using System.Text;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// An object of an account, with as much of its past as a reader may still see. There may be very many: texts are kept in
/// UTF-8, and the past is dropped once nobody sees it.
/// </summary>
internal sealed class AccountObject
{
    public required long Number { get; init; }

    public required SimulatedKind Kind { get; init; }

    public required string Name { get; init; }

    public OwnerMarks? Marks { get; set; }

    public int Incarnation { get; set; }

    public string? Token { get; init; }

    /// <summary>Whether nobody else may have the name.</summary>
    public bool IsUniqueName { get; init; }

    /// <summary>What the cloud chose where the specification left it open.</summary>
    public string? Chosen { get; init; }

    /// <summary>When it is made, in ticks.</summary>
    public required long ReadyAt { get; init; }

    /// <summary>When it will be gone, in ticks; 0: it stays.</summary>
    public long GoneAt { get; set; }

    /// <summary>Numbers of the objects it stands on.</summary>
    public long[] References { get; set; } = [];

    /// <summary>How many objects stand on it.</summary>
    public int Users { get; set; }

    /// <summary>As it is.</summary>
    public required AccountVersion Newest { get; set; }

    /// <summary>The next of the same owner.</summary>
    public AccountObject? NextOfOwner { get; set; }

    public bool IsGone => Newest.Parameters is null;

    public string Id => Kind.IdOf(Number);

    /// <summary>Whether it is made, whole and staying.</summary>
    public bool IsReady(long now) => At(now)?.State == CloudObjectState.Ready;

    /// <summary>Its specification, as it is.</summary>
    public TSpec Spec<TSpec>()
        where TSpec : class => ResourceJson.Read<TSpec>(Encoding.UTF8.GetString(Newest.Parameters!));

    /// <summary>What a reader sees who sees the account as it was at a time; null where nothing was.</summary>
    public CloudObject? At(long view)
    {
        var seen = Newest;
        while (seen is not null && seen.Since > view)
        {
            seen = seen.Before;
        }

        return seen?.Parameters is { } parameters
            ? new CloudObject(Id, Kind.Name, Name, Marks, Incarnation, Encoding.UTF8.GetString(parameters), Chosen, StateAt(view, seen))
            : null;
    }

    private CloudObjectState StateAt(long view, AccountVersion seen) =>
        seen.IsDeleting ? CloudObjectState.Deleting
        : view < ReadyAt ? CloudObjectState.Making
        : seen.IsUnfinished ? CloudObjectState.Unfinished
        : CloudObjectState.Ready;
}
