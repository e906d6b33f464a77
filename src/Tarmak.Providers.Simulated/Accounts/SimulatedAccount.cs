using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// One account of the cloud: decides each call at one moment, knows neither waiting nor faults, and changes what it holds by
/// <see cref="AccountChange"/> only. Not safe for use by several threads.
/// </summary>
/// <param name="profile">What sort of cloud it is at.</param>
/// <param name="seed">What its signing key follows from.</param>
internal sealed class SimulatedAccount(CloudProfile profile, long seed)
{
    private const int PageSize = 1000;

    private readonly AccountMetadata metadata = new(profile.Evidence, seed);
    private readonly Dictionary<(ApiFamily Family, bool IsWrite), TokenBucket> buckets = BucketsOf(profile);

    /// <summary>Is told each change before it is answered; it may keep them.</summary>
    public Action<AccountChange>? Changing { get; set; }

    /// <summary>What each limit let in and refused.</summary>
    public IReadOnlyList<CallCount> Counts => [.. buckets.Values.Distinct().Select(b => new CallCount(b.Limit, b.Taken, b.Refused))];

    /// <summary>What it holds.</summary>
    public AccountState State { get; } = new(profile.VisibilityBound);

    /// <summary>The name of an object, for faults placed by name.</summary>
    public string? NameOf(CloudRequest request) =>
        request.Name ?? (request.Id is { } id && SimulatedKinds.OfId(id, out var number) is not null ? State[number]?.Name : null);

    /// <summary>Decides a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="now">The time, in ticks.</param>
    /// <param name="chance">Its chances.</param>
    /// <param name="half">Whether what it changes is done half.</param>
    /// <returns>The answer.</returns>
    public CloudReply Handle(CloudRequest request, long now, ref Chance chance, bool half)
    {
        State.Settle(now);
        return buckets.TryGetValue((profile.LimitOf(FamilyOf(request)), request.HasEffect), out var bucket) && !bucket.TryTake(now)
            ? CloudReply.Refused(ErrorClass.RateLimited, $"{request.Shown}: too many calls of {FamilyOf(request)}; nothing was done.")
            : request.Method switch
            {
                CloudMethod.Describe => Describe(request, now, ref chance),
                CloudMethod.List => List(request, now, ref chance),
                CloudMethod.Create => Create(request, now, ref chance, half),
                CloudMethod.Update => Update(request, now, half),
                CloudMethod.Delete => Delete(request, now, ref chance, half),
                CloudMethod.ReadRecord => Found(State.RecordsOf(request.Kind).Find(request.Name!)),
                CloudMethod.ListRecords => Found(State.RecordsOf(request.Kind).Below(request.Name!)),
                CloudMethod.CreateRecord or CloudMethod.SetRecord => WriteRecord(request, now),
                CloudMethod.DeleteRecord => DeleteRecord(request, now),
                CloudMethod.GiveEvidence => GiveEvidence(request),
                CloudMethod.CheckEvidence => CheckEvidence(request, now),
                CloudMethod.PullImage => UseImage(request, GrantVerbs.Pull, now, ref chance),
                CloudMethod.PushImage => UseImage(request, GrantVerbs.Push, now, ref chance),
                CloudMethod.TryPacket => new CloudReply { Held = new AccountPackets(profile, State, now).Passes(request.Id!, request.Packet!) },
                _ => OfBucket(request, now),
            };
    }

    private static ApiFamily FamilyOf(CloudRequest request) => request.Kind switch
    {
        CloudRequest.Secrets or CloudRequest.Companions => ApiFamily.Records,
        CloudRequest.Contents => ApiFamily.Storage,
        _ => SimulatedKinds.Find(request.Kind)?.Family ?? ApiFamily.Compute,
    };

    private static Dictionary<(ApiFamily Family, bool IsWrite), TokenBucket> BucketsOf(CloudProfile profile)
    {
        Dictionary<(ApiFamily, bool), TokenBucket> buckets = [];
        foreach (var (family, limit) in profile.Limits)
        {
            var all = new TokenBucket(limit);
            buckets[(family, false)] = all;
            buckets[(family, true)] = profile.WriteLimits.TryGetValue(family, out var writes) ? new TokenBucket(writes) : all;
        }

        return buckets;
    }

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
            See(kind.TryNumber(id, out var number) ? State[number] : null, now, ref chance, seen);
        }
        else if (request.IsUniqueName)
        {
            See(State.Named(kind, request.Name!), now, ref chance, seen);
        }
        else
        {
            for (var mine = State.FirstOf(request.Uid!); mine is not null; mine = mine.NextOfOwner)
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
        for (; number < State.Length && page.Count < PageSize; number++)
        {
            if (State[number] is { Kind.IsShared: false } one && (request.Installation is null || one.Marks?.Installation == request.Installation))
            {
                See(one, now, ref chance, page);
            }
        }

        return new CloudReply { Objects = [.. page], Next = number < State.Length ? number : null };
    }

    /// <summary>Each object is read where its news may not have come yet.</summary>
    private void See(AccountObject? one, long now, ref Chance chance, List<CloudObject> seen)
    {
        if (one is null)
        {
            return;
        }

        if (one.At(Known(now, ref chance)) is { } shown)
        {
            seen.Add(shown);
        }
    }

    /// <summary>How old the news are that have come.</summary>
    private long Known(long now, ref Chance chance)
    {
        var behind = chance.Next();
        return now - (long)(profile.VisibilityBound.Ticks * behind * behind * behind);
    }

    private CloudReply Create(CloudRequest request, long now, ref Chance chance, bool half)
    {
        var kind = KindOf(request);
        if (request.Token is { } token && State.OfToken(token) is { } made)
        {
            return made.IsGone ? CloudReply.Refused(ErrorClass.NotFound, $"{request.Shown}: its token made {made.Id}, which is gone.")
                : Encoding.UTF8.GetString(made.Newest.Parameters!) != request.Parameters
                    ? CloudReply.Refused(ErrorClass.InvalidSpec, $"{request.Shown}: its token made {made.Id} with other parameters.")
                    : CloudReply.Of(made.At(now)!);
        }

        if (request.IsUniqueName && State.Named(kind, request.Name!) is { } namesake)
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{kind.Name} {request.Name} is there already, as {namesake.Id}.", nameTaken: true);
        }

        if (Standing(kind, request.Parameters!, request.Shown) is { } missing)
        {
            return missing;
        }

        var number = State.Length;
        var chosen = kind.Choose(State, request.Parameters!, number);
        if (kind.Claims(request.Parameters!, chosen).FirstOrDefault(State.IsClaimed) is { } claimed)
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{request.Shown}: {claimed} belongs to {Holder(claimed)}.");
        }

        if (profile.Quotas.TryGetValue(kind.Name, out var quota) && State.Count(kind) >= quota)
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
        return CloudReply.Of(State[number]!.At(now)!);
    }

    private CloudReply Update(CloudRequest request, long now, bool half)
    {
        var kind = KindOf(request);
        if (State.Living(kind, request.Id!) is not { } present)
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

        if (kind.Claims(request.Parameters!, present.Chosen).FirstOrDefault(c => State.HolderOf(c) is { } other && other != present) is { } claimed)
        {
            return CloudReply.Refused(ErrorClass.Conflict, $"{request.Shown}: {claimed} belongs to {Holder(claimed)}.");
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
        if (State.Living(kind, request.Id!) is not { } present)
        {
            return Missing(request.Id!);
        }

        if (present.Users > 0)
        {
            var user = State.UserOf(present);
            return CloudReply.Refused(kind.WhileInUse, $"{request.Shown}: {user.Kind.Name} {user.Name} ({user.Id}) still stands on it; remove that first.");
        }

        var parameters = Encoding.UTF8.GetString(present.Newest.Parameters!);
        if (half)
        {
            Commit(new AccountChange(AccountChangeKind.Changed, now) { Number = present.Number, Parameters = parameters, IsUnfinished = true });
        }
        else if (present.GoneAt == 0)
        {
            var until = now + kind.Unmaking.Draw(ref chance).Ticks;
            if (kind.TakesAlong?.Invoke(request.Id!) is var (other, name) && State.Named(other, name) is { GoneAt: 0 } taken)
            {
                Leave(taken, now, until);
            }

            Leave(present, now, until);
            State.Settle(now);
        }

        return present.At(now) is { } left ? CloudReply.Of(left) : CloudReply.Done;
    }

    private void Leave(AccountObject one, long now, long until) => Commit(
        new AccountChange(AccountChangeKind.Leaving, now) { Number = one.Number, Parameters = Encoding.UTF8.GetString(one.Newest.Parameters!), Until = until });

    private CloudReply GiveEvidence(CloudRequest request) =>
        State.Living(Kinds.Machines.Kind, request.Id!) is { } machine ? Found(new CloudRecord(machine.Id, metadata.EvidenceOf(machine.Id, request.Nonce!), 0)) : Missing(request.Id!);

    private CloudReply CheckEvidence(CloudRequest request, long now) =>
        metadata.MachineOf(request.Content!, request.Nonce!) is { } id && State.Living(Kinds.Machines.Kind, id)?.At(now) is { } machine ? CloudReply.Of(machine) : CloudReply.Done;

    private CloudReply UseImage(CloudRequest request, string verb, long now, ref Chance chance)
    {
        if (State.Living(Kinds.Machines.Kind, request.Id!) is not { } machine)
        {
            return Missing(request.Id!);
        }

        if (new AccountImages(State, now, Known(now, ref chance)).RepositoryFor(machine, request.Name!, verb) is not { } repository)
        {
            return new CloudReply { Held = false };
        }

        if (verb == GrantVerbs.Push)
        {
            WriteContent(repository.Number, request.Tag!, request.Content!, now);
        }

        return State.ContentsOf(repository.Number).Find(request.Tag!) is { } image ? Found(image)
            : CloudReply.Refused(ErrorClass.NotFound, $"{request.Shown}: there is no image {request.Tag}.");
    }

    private CloudReply WriteRecord(CloudRequest request, long now)
    {
        var there = State.RecordsOf(request.Kind).Find(request.Name!);
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
        return Found(State.RecordsOf(request.Kind).Find(request.Name!));
    }

    private CloudReply DeleteRecord(CloudRequest request, long now)
    {
        var there = State.RecordsOf(request.Kind).Find(request.Name!);
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
        if (State.Living(Buckets.Kind, request.Id!) is not { } bucket)
        {
            return CloudReply.Refused(ErrorClass.NotFound, $"There is no bucket {request.Id}.");
        }

        var content = State.ContentsOf(bucket.Number);
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
                WriteContent(bucket.Number, request.Name!, request.Content!, now);
                return Found(content.Find(request.Name!));
            default:
                throw new InvalidOperationException($"{request.Method} is no call of this cloud.");
        }
    }

    private void WriteContent(long holder, string key, byte[] content, long now) => Commit(
        new AccountChange(AccountChangeKind.ContentWritten, now) { Number = holder, Name = key, Content = content, Version = State.Writes + 1 });

    private void Commit(AccountChange change)
    {
        Changing?.Invoke(change);
        State.Apply(change);
    }

    private string Holder(string claim) => State.HolderOf(claim) is { } holder ? $"{holder.Name} ({holder.Id})" : "nobody";

    private CloudReply? Standing(SimulatedKind kind, string parameters, string shown) =>
        kind.Problem(parameters, profile, State) is { } problem ? CloudReply.Refused(ErrorClass.InvalidSpec, $"{shown}: {problem}")
        : kind.References(parameters).Concat(kind.Needs(parameters)).FirstOrDefault(id => SimulatedKinds.OfId(id, out var number) is not { } other || State.Living(other, number) is not { GoneAt: 0 }) is { } missing
            ? CloudReply.Refused(ErrorClass.DependencyMissing, $"{shown}: {missing}, which it stands on, is not there.")
            : null;
}
