using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// What one account holds: objects with what readers may still see of their past, records, and what buckets hold. It decides
/// each call at one moment, knows neither waiting nor faults, and changes by <see cref="AccountChange"/> only. Not safe for use
/// by several threads.
/// </summary>
/// <param name="profile">What sort of cloud it is at.</param>
internal sealed class SimulatedAccount(CloudProfile profile)
{
    private const int PageSize = 1000;

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
    private readonly Dictionary<ApiFamily, TokenBucket> buckets = profile.Limits.ToDictionary(l => l.Key, l => new TokenBucket(l.Value));
    private long writes;

    /// <summary>Is told each change before it is answered; it may keep them.</summary>
    public Action<AccountChange>? Changing { get; set; }

    /// <summary>Is told the marks of objects that changed.</summary>
    public Action<OwnerMarks>? Changed { get; set; }

    /// <summary>How many objects of a kind are there.</summary>
    public int Count(SimulatedKind kind) => living.GetValueOrDefault(kind);

    /// <summary>An object that is there.</summary>
    public CloudObject? Find(string id) =>
        SimulatedKinds.OfId(id, out var number) is { } kind && Living(kind, number) is { } found ? found.At(long.MaxValue) : null;

    /// <summary>Whether somebody has what only one can have.</summary>
    public bool IsClaimed(string claim) => claims.ContainsKey(claim);

    /// <summary>The name of an object, for faults placed by name.</summary>
    public string? NameOf(CloudRequest request) =>
        request.Name ?? (request.Id is { } id && SimulatedKinds.OfId(id, out var number) is not null && number < objects.Count ? objects[(int)number]?.Name : null);

    /// <summary>Decides a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="chance">Its chances.</param>
    /// <param name="half">Whether what it changes is done half.</param>
    /// <returns>The answer.</returns>
    public CloudReply Handle(CloudRequest request, long now, ref Chance chance, bool half)
    {
        Settle(now);
        return buckets.TryGetValue(FamilyOf(request), out var bucket) && !bucket.TryTake(now)
            ? CloudReply.Refused(ErrorClass.RateLimited, $"{request.Shown}: too many calls of {FamilyOf(request)}; nothing was done.")
            : request.Method switch
            {
                CloudMethod.Describe => Describe(request, now, ref chance),
                CloudMethod.List => List(request, now, ref chance),
                CloudMethod.Create => Create(request, now, ref chance, half),
                CloudMethod.Update => Update(request, now, half),
                CloudMethod.Delete => Delete(request, now, ref chance, half),
                CloudMethod.ReadRecord => Found(RecordsOf(request.Kind).Find(request.Name!)),
                CloudMethod.ListRecords => Found(RecordsOf(request.Kind).Below(request.Name!)),
                CloudMethod.CreateRecord or CloudMethod.SetRecord => WriteRecord(request, now),
                CloudMethod.DeleteRecord => DeleteRecord(request, now),
                _ => OfBucket(request, now),
            };
    }

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
                writes = Math.Max(writes, change.Version);
                break;
            case AccountChangeKind.ContentRemoved:
                ContentsOf(change.Number).Remove(change.Name!);
                break;
            default:
                throw new InvalidOperationException($"{change.What} is no change of an account.");
        }
    }

    private static ApiFamily FamilyOf(CloudRequest request) => request.Kind switch
    {
        CloudRequest.Secrets or CloudRequest.Companions => ApiFamily.Records,
        CloudRequest.Contents => ApiFamily.Storage,
        _ => SimulatedKinds.Find(request.Kind)?.Family ?? ApiFamily.Compute,
    };

    private static CloudReply Found(CloudRecord? record) => new() { Records = record is null ? [] : [record] };

    private static CloudReply Found(IEnumerable<CloudRecord> records) => new() { Records = [.. records] };

    private static CloudReply Missing(string id) => CloudReply.Refused(ErrorClass.NotFound, $"{id} is not there.");

    private static SimulatedKind KindOf(CloudRequest request) =>
        SimulatedKinds.Find(request.Kind) ?? throw new InvalidOperationException($"{request.Kind} is no kind of object of this cloud.");

    private CloudReply Describe(CloudRequest request, long now, ref Chance chance)
    {
        var kind = KindOf(request);
        List<CloudObject> seen = [];
        if (request.Id is { } id)
        {
            See(kind.TryNumber(id, out var number) && number < objects.Count ? objects[(int)number] : null, now, ref chance, seen);
        }
        else if (request.IsUniqueName)
        {
            See(names.GetValueOrDefault((kind, request.Name!)), now, ref chance, seen);
        }
        else
        {
            for (var mine = owners.GetValueOrDefault(request.Uid!); mine is not null; mine = mine.NextOfOwner)
            {
                if (mine.Kind == kind)
                {
                    See(mine, now, ref chance, seen);
                }
            }
        }

        return new CloudReply { Objects = [.. seen.OrderBy(o => o.Id, StringComparer.Ordinal)] };
    }

    private CloudReply List(CloudRequest request, long now, ref Chance chance)
    {
        List<CloudObject> page = [];
        var number = Math.Max(1, request.After);
        for (; number < objects.Count && page.Count < PageSize; number++)
        {
            if (objects[(int)number] is { Kind.IsShared: false } one && (request.Installation is null || one.Marks?.Installation == request.Installation))
            {
                See(one, now, ref chance, page);
            }
        }

        return new CloudReply { Objects = [.. page], Next = number < objects.Count ? number : null };
    }

    /// <summary>Each object is read where its news may not have come yet.</summary>
    private void See(AccountObject? one, long now, ref Chance chance, List<CloudObject> seen)
    {
        if (one is null)
        {
            return;
        }

        var behind = chance.Next();
        if (one.At(now - (long)(profile.VisibilityBound.Ticks * behind * behind * behind)) is { } shown)
        {
            seen.Add(shown);
        }
    }

    private CloudReply Create(CloudRequest request, long now, ref Chance chance, bool half)
    {
        var kind = KindOf(request);
        if (request.Token is { } token && tokens.TryGetValue(token, out var made))
        {
            return made.IsGone ? CloudReply.Refused(ErrorClass.NotFound, $"{request.Shown}: its token made {made.Id}, which is gone.")
                : Encoding.UTF8.GetString(made.Newest.Parameters!) != request.Parameters
                    ? CloudReply.Refused(ErrorClass.InvalidSpec, $"{request.Shown}: its token made {made.Id} with other parameters.")
                    : CloudReply.Of(made.At(now)!);
        }

        if (request.IsUniqueName && names.TryGetValue((kind, request.Name!), out var namesake))
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{kind.Name} {request.Name} is there already, as {namesake.Id}.", nameTaken: true);
        }

        if (Standing(kind, request.Parameters!, request.Shown) is { } missing)
        {
            return missing;
        }

        var number = objects.Count;
        var chosen = kind.Choose(this, request.Parameters!, number);
        if (kind.Claims(request.Parameters!, chosen).FirstOrDefault(IsClaimed) is { } claimed)
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{request.Shown}: {claimed} belongs to {claims[claimed].Name} ({claims[claimed].Id}).");
        }

        if (profile.Quotas.TryGetValue(kind.Name, out var quota) && Count(kind) >= quota)
        {
            return CloudReply.Refused(ErrorClass.QuotaExceeded, string.Create(CultureInfo.InvariantCulture, $"{request.Shown}: all {quota} of the account's quota are there; remove one or raise it."));
        }

        Commit(new AccountChange(AccountChangeKind.Made, now)
        {
            Number = number,
            Kind = kind.Name,
            Name = request.Name,
            IsUniqueName = request.IsUniqueName,
            Token = request.Token,
            Marks = request.Marks,
            Incarnation = request.Incarnation,
            Parameters = request.Parameters,
            Chosen = chosen,
            Until = now + kind.Making.Draw(ref chance).Ticks,
            IsUnfinished = half,
        });
        return CloudReply.Of(objects[number]!.At(now)!);
    }

    private CloudReply Update(CloudRequest request, long now, bool half)
    {
        var kind = KindOf(request);
        if (Living(kind, request.Id!) is not { } present)
        {
            return Missing(request.Id!);
        }

        if (present.GoneAt != 0)
        {
            return CloudReply.Refused(ErrorClass.Transient, $"{request.Shown}: {present.Name} is being removed.");
        }

        if (Standing(kind, request.Parameters!, request.Shown) is { } missing)
        {
            return missing;
        }

        if (kind.Claims(request.Parameters!, present.Chosen).FirstOrDefault(c => claims.TryGetValue(c, out var other) && other != present) is { } claimed)
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{request.Shown}: {claimed} belongs to {claims[claimed].Name} ({claims[claimed].Id}).");
        }

        var same = Encoding.UTF8.GetString(present.Newest.Parameters!) == request.Parameters && !present.Newest.IsUnfinished
            && (request.Marks is null || (present.Incarnation == request.Incarnation && present.Marks?.Uid == request.Marks.Uid));
        if (!same)
        {
            Commit(new AccountChange(AccountChangeKind.Changed, now)
            {
                Number = present.Number,
                Marks = request.Marks,
                Incarnation = request.Incarnation,
                Parameters = request.Parameters,
                IsUnfinished = half,
            });
        }

        return CloudReply.Of(present.At(now)!);
    }

    private CloudReply Delete(CloudRequest request, long now, ref Chance chance, bool half)
    {
        var kind = KindOf(request);
        if (Living(kind, request.Id!) is not { } present)
        {
            return Missing(request.Id!);
        }

        if (present.Users > 0)
        {
            var user = objects.First(o => o is { IsGone: false } && o.References.Contains(present.Number))!;
            return CloudReply.Refused(ErrorClass.Transient, $"{request.Shown}: {user.Kind.Name} {user.Name} ({user.Id}) still stands on it; remove that first.");
        }

        var parameters = Encoding.UTF8.GetString(present.Newest.Parameters!);
        if (half)
        {
            Commit(new AccountChange(AccountChangeKind.Changed, now) { Number = present.Number, Parameters = parameters, IsUnfinished = true });
        }
        else if (present.GoneAt == 0)
        {
            Commit(new AccountChange(AccountChangeKind.Leaving, now) { Number = present.Number, Parameters = parameters, Until = now + kind.Unmaking.Draw(ref chance).Ticks });
            Settle(now);
        }

        return present.At(now) is { } left ? CloudReply.Of(left) : CloudReply.Done;
    }

    private CloudReply WriteRecord(CloudRequest request, long now)
    {
        var there = RecordsOf(request.Kind).Find(request.Name!);
        var expected = request.Method == CloudMethod.CreateRecord ? 0 : request.Version;
        if (expected is { } version && (there?.Version ?? 0) != version)
        {
            return Found(there) with { Held = false };
        }

        Commit(new AccountChange(AccountChangeKind.RecordWritten, now)
        {
            Kind = request.Kind,
            Name = request.Name,
            Content = request.Content,
            Version = (there?.Version ?? 0) + 1,
        });
        return Found(RecordsOf(request.Kind).Find(request.Name!));
    }

    private CloudReply DeleteRecord(CloudRequest request, long now)
    {
        var there = RecordsOf(request.Kind).Find(request.Name!);
        if (there is not null && request.Version is { } version && there.Version != version)
        {
            return Found(there) with { Held = false };
        }

        if (there is not null)
        {
            Commit(new AccountChange(AccountChangeKind.RecordRemoved, now) { Kind = request.Kind, Name = request.Name });
        }

        return CloudReply.Done;
    }

    private CloudReply OfBucket(CloudRequest request, long now)
    {
        if (Living(Buckets.Kind, request.Id!) is not { } bucket)
        {
            return CloudReply.Refused(ErrorClass.NotFound, $"There is no bucket {request.Id}.");
        }

        var content = ContentsOf(bucket.Number);
        var there = request.Method == CloudMethod.ListContents ? null : content.Find(request.Name!);
        switch (request.Method)
        {
            case CloudMethod.ReadContent:
                return Found(there);
            case CloudMethod.ListContents:
                return new CloudReply { Records = [.. content.Below(request.Name!).Select(r => r with { Value = default })] };
            case CloudMethod.DeleteContent:
                if (there is not null)
                {
                    Commit(new AccountChange(AccountChangeKind.ContentRemoved, now) { Number = bucket.Number, Name = request.Name });
                }

                return CloudReply.Done;
            case CloudMethod.WriteContent when request.Version is { } version && (there?.Version ?? 0) != version:
                return Found(there) with { Held = false };
            case CloudMethod.WriteContent:
                Commit(new AccountChange(AccountChangeKind.ContentWritten, now) { Number = bucket.Number, Name = request.Name, Content = request.Content, Version = writes + 1 });
                return Found(content.Find(request.Name!));
            default:
                throw new InvalidOperationException($"{request.Method} is no call of this cloud.");
        }
    }

    private void Commit(AccountChange change)
    {
        Changing?.Invoke(change);
        Apply(change);
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
        due.Enqueue(one, at + profile.VisibilityBound.Ticks);
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
        while (shown.Before is not null && shown.Since > now - profile.VisibilityBound.Ticks)
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

    private CloudReply? Standing(SimulatedKind kind, string parameters, string shown) =>
        kind.Problem(parameters) is { } problem ? CloudReply.Refused(ErrorClass.InvalidSpec, $"{shown}: {problem}")
        : kind.References(parameters).FirstOrDefault(id => SimulatedKinds.OfId(id, out var number) is not { } other || Living(other, number) is not { GoneAt: 0 }) is { } missing
            ? CloudReply.Refused(ErrorClass.DependencyMissing, $"{shown}: {missing}, which it stands on, is not there.")
            : null;

    private AccountObject? Living(SimulatedKind kind, string id) => kind.TryNumber(id, out var number) ? Living(kind, number) : null;

    private AccountObject? Living(SimulatedKind kind, long number) =>
        number > 0 && number < objects.Count && objects[(int)number] is { IsGone: false } one && one.Kind == kind ? one : null;

    private AccountRecords RecordsOf(string kind) => records.TryGetValue(kind, out var found) ? found : records[kind] = new AccountRecords();

    private AccountRecords ContentsOf(long bucket) => contents.TryGetValue(bucket, out var found) ? found : contents[bucket] = new AccountRecords();

    /// <summary>Marks whose texts are held once, whoever sent them.</summary>
    private OwnerMarks? Shared(OwnerMarks? marks) => marks is null ? null : marks with
    {
        Installation = Shared(marks.Installation),
        Environment = Shared(marks.Environment),
        Cluster = marks.Cluster is { } cluster ? Shared(cluster) : null,
    };

    private string Shared(string text) => texts.TryGetValue(text, out var held) ? held : texts[text] = text;
}
