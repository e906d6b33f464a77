using System.Text;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// What an account holds: objects with what readers may still see of their past, who stands on what, records, and what buckets
/// and repositories hold. It changes by <see cref="AccountChange"/> and by time only.
/// </summary>
/// <param name="visibilityBound">After it everybody sees a change.</param>
internal sealed class AccountState(TimeSpan visibilityBound)
{
    /// <summary>How long a token is known after its object is gone.</summary>
    private static readonly TimeSpan TokenMemory = TimeSpan.FromHours(1);

    private readonly List<AccountObject?> objects = [null];
    private readonly Dictionary<(SimulatedKind, string), AccountObject> names = [];
    private readonly Dictionary<string, AccountObject> tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountObject> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AccountObject> claims = new(StringComparer.Ordinal);
    private readonly Dictionary<SimulatedKind, int> living = [];
    private readonly Dictionary<string, AccountRecords> records = new(StringComparer.Ordinal);
    private readonly Dictionary<long, AccountRecords> contents = [];
    private readonly PriorityQueue<AccountObject, long> due = new();
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    /// <summary>Is told the marks of objects that changed.</summary>
    public Action<OwnerMarks>? Changed { get; set; }

    /// <summary>The number the next object has.</summary>
    public int Length => objects.Count;

    /// <summary>The last version of any content of a bucket or repository.</summary>
    public long Writes { get; private set; }

    /// <summary>The object of a number, gone or not; null where nobody sees it any more.</summary>
    public AccountObject? this[long number] => number > 0 && number < objects.Count ? objects[(int)number] : null;

    /// <summary>How many objects of a kind are there.</summary>
    public int Count(SimulatedKind kind) => living.GetValueOrDefault(kind);

    /// <summary>An object that is there.</summary>
    public CloudObject? Find(string id) =>
        SimulatedKinds.OfId(id, out var number) is { } kind && Living(kind, number) is { } found ? found.At(long.MaxValue) : null;

    /// <summary>Who has a name that only one can have.</summary>
    public AccountObject? Named(SimulatedKind kind, string name) => names.GetValueOrDefault((kind, name));

    /// <summary>What a token made.</summary>
    public AccountObject? OfToken(string token) => tokens.GetValueOrDefault(token);

    /// <summary>The first object of an owner; each names the next.</summary>
    public AccountObject? FirstOf(string uid) => owners.GetValueOrDefault(uid);

    /// <summary>Who has what only one can have.</summary>
    public AccountObject? HolderOf(string claim) => claims.GetValueOrDefault(claim);

    /// <summary>Whether somebody has what only one can have.</summary>
    public bool IsClaimed(string claim) => claims.ContainsKey(claim);

    /// <summary>The objects of a kind that are there.</summary>
    public IEnumerable<AccountObject> Of(SimulatedKind kind) => objects.OfType<AccountObject>().Where(o => !o.IsGone && o.Kind == kind);

    /// <summary>One of those that stand on an object.</summary>
    public AccountObject UserOf(AccountObject needed) => objects.First(o => o is { IsGone: false } && o.References.Contains(needed.Number))!;

    /// <summary>An object that is there, by its id.</summary>
    public AccountObject? Living(SimulatedKind kind, string id) => kind.TryNumber(id, out var number) ? Living(kind, number) : null;

    /// <summary>An object that is there, by its number.</summary>
    public AccountObject? Living(SimulatedKind kind, long number) =>
        number > 0 && number < objects.Count && objects[(int)number] is { IsGone: false } one && one.Kind == kind ? one : null;

    /// <summary>Records of a kind.</summary>
    public AccountRecords RecordsOf(string kind) => records.TryGetValue(kind, out var found) ? found : records[kind] = new AccountRecords();

    /// <summary>What a bucket or a repository holds.</summary>
    public AccountRecords ContentsOf(long holder) => contents.TryGetValue(holder, out var found) ? found : contents[holder] = new AccountRecords();

    /// <summary>Does what only passing time does.</summary>
    public void Settle(long now)
    {
        while (due.TryPeek(out var next, out var at) && at <= now)
        {
            due.Dequeue();
            Settle(next, now);
        }
    }

    /// <summary>Makes a change; also one that was made before, in another life.</summary>
    public void Apply(AccountChange change)
    {
        switch (change.What)
        {
            case AccountChangeKind.Made:
                Make(change);
                break;
            case AccountChangeKind.Changed:
                Become(change);
                break;
            case AccountChangeKind.Leaving:
                var leaving = objects[(int)change.Number]!;
                leaving.GoneAt = change.Until;
                Next(leaving, change.At, Encoding.UTF8.GetBytes(change.Parameters!), isUnfinished: false, isDeleting: true);
                due.Enqueue(leaving, change.Until);
                break;
            case AccountChangeKind.RecordWritten:
                RecordsOf(change.Kind!).Write(change.Name!, change.Content!, change.Version);
                break;
            case AccountChangeKind.RecordRemoved:
                RecordsOf(change.Kind!).Remove(change.Name!);
                break;
            case AccountChangeKind.ContentWritten:
                ContentsOf(change.Number).Write(change.Name!, change.Content!, change.Version);
                Writes = Math.Max(Writes, change.Version);
                break;
            case AccountChangeKind.ContentRemoved:
                ContentsOf(change.Number).Remove(change.Name!);
                break;
            default:
                throw new InvalidOperationException($"{change.What} is no change of an account.");
        }
    }

    private void Make(AccountChange change)
    {
        var kind = SimulatedKinds.Find(change.Kind!)!;
        var made = new AccountObject
        {
            Number = change.Number,
            Kind = kind,
            Name = change.Name!,
            IsUniqueName = change.IsUniqueName,
            Token = change.Token,
            Marks = Shared(change.Marks),
            Incarnation = change.Incarnation,
            Chosen = change.Chosen,
            ReadyAt = change.Until,
            Newest = new AccountVersion(change.At, Encoding.UTF8.GetBytes(change.Parameters!), change.IsUnfinished, isDeleting: false),
        };
        while (objects.Count <= change.Number)
        {
            objects.Add(null);
        }

        objects[(int)change.Number] = made;
        living[kind] = Count(kind) + 1;
        if (made.IsUniqueName)
        {
            names[(kind, made.Name)] = made;
        }

        if (made.Token is { } token)
        {
            tokens[token] = made;
        }

        Refer(made, change.Parameters!);
        Own(made);
    }

    private void Become(AccountChange change)
    {
        var present = objects[(int)change.Number]!;
        Unrefer(present);
        if (change.Marks is { } marks)
        {
            Disown(present);
            present.Marks = Shared(marks);
            present.Incarnation = change.Incarnation;
            Own(present);
        }

        Next(present, change.At, Encoding.UTF8.GetBytes(change.Parameters!), change.IsUnfinished, isDeleting: false);
        Refer(present, change.Parameters!);
    }

    private void Next(AccountObject one, long at, byte[]? parameters, bool isUnfinished, bool isDeleting)
    {
        one.Newest = new AccountVersion(at, parameters, isUnfinished, isDeleting) { Before = one.Newest };
        due.Enqueue(one, at + visibilityBound.Ticks);
        if (one.Marks is { } marks)
        {
            Changed?.Invoke(marks);
        }
    }

    private void Settle(AccountObject one, long now)
    {
        if (!one.IsGone && one.GoneAt != 0 && one.GoneAt <= now)
        {
            Unrefer(one);
            living[one.Kind]--;
            if (one.IsUniqueName)
            {
                names.Remove((one.Kind, one.Name));
            }

            contents.Remove(one.Number);
            Next(one, one.GoneAt, null, isUnfinished: false, isDeleting: false);
        }

        var shown = one.Newest;
        while (shown.Before is not null && shown.Since > now - visibilityBound.Ticks)
        {
            shown = shown.Before;
        }

        // Nobody sees what was before what everybody sees.
        shown.Before = null;
        if (one.IsGone && one.Newest.Before is null)
        {
            if (one.Token is not null && now < one.GoneAt + TokenMemory.Ticks)
            {
                due.Enqueue(one, one.GoneAt + TokenMemory.Ticks);
            }
            else if (objects[(int)one.Number] is not null)
            {
                objects[(int)one.Number] = null;
                Disown(one);
                if (one.Token is { } token)
                {
                    tokens.Remove(token);
                }
            }
        }
    }

    private void Refer(AccountObject one, string parameters)
    {
        one.References = [.. one.Kind.References(parameters).Select(id => SimulatedKinds.OfId(id, out var number) is null ? 0 : number).Where(n => n != 0).Distinct()];
        foreach (var number in one.References)
        {
            if (objects[(int)number] is { } needed)
            {
                needed.Users++;
            }
        }

        foreach (var claim in one.Kind.Claims(parameters, one.Chosen))
        {
            claims[claim] = one;
        }
    }

    private void Unrefer(AccountObject one)
    {
        foreach (var number in one.References)
        {
            if (objects[(int)number] is { } needed)
            {
                needed.Users--;
            }
        }

        foreach (var claim in one.Kind.Claims(Encoding.UTF8.GetString(one.Newest.Parameters!), one.Chosen))
        {
            claims.Remove(claim);
        }
    }

    private void Own(AccountObject one)
    {
        if (one.Marks is { } marks)
        {
            one.NextOfOwner = owners.GetValueOrDefault(marks.Uid);
            owners[marks.Uid] = one;
            Changed?.Invoke(marks);
        }
    }

    private void Disown(AccountObject one)
    {
        if (one.Marks is not { } marks || !owners.TryGetValue(marks.Uid, out var first))
        {
            return;
        }

        if (first == one)
        {
            owners.Remove(marks.Uid);
            if (one.NextOfOwner is { } next)
            {
                owners[marks.Uid] = next;
            }
        }
        else
        {
            while (first.NextOfOwner is { } after && after != one)
            {
                first = after;
            }

            first.NextOfOwner = one.NextOfOwner;
        }

        one.NextOfOwner = null;
    }

    /// <summary>Marks whose texts are held once, whoever sent them.</summary>
    private OwnerMarks? Shared(OwnerMarks? marks) => marks is null ? null : marks with
    {
        Installation = Shared(marks.Installation),
        Environment = Shared(marks.Environment),
        Cluster = marks.Cluster is { } cluster ? Shared(cluster) : null,
    };

    private string Shared(string text) => texts.TryGetValue(text, out var held) ? held : texts[text] = text;
}
