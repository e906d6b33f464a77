using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.S3;

/// <summary>
/// Buckets, each with an object that says whose it is (<see cref="BucketOwner"/>). S3 makes a bucket and its first object by
/// two calls, so that object is written last: a bucket without it and without contents is one that was not made to its end,
/// which the next ensure goes on with and a delete removes. The id is the name.
/// </summary>
internal sealed class BucketDriver(S3Server server) : IResourceDriver<BucketSpec>
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.Bucket,
        EnsureResolution = UnknownResolution.UniqueName,
        CallDeadline = TimeSpan.FromSeconds(90),
        HoldsData = true,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    private const int DeletesAtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public ResourceTraits Traits => Declared;

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var bucket = call.ObjectId ?? BucketNames.Of(call);
        return await LookAsync(bucket, cancellationToken).ConfigureAwait(false) switch
        {
            Seen.Owned { Owner: var owner } when owner.IsThis(call) => Present(bucket),
            Seen.Unmarked when await IsUnfinishedAsync(bucket, cancellationToken).ConfigureAwait(false) =>
                new StepOutcome.Succeeded(Observation.Drifted(bucket, Outputs(bucket), $"Bucket {bucket} was not made to its end.")),
            Seen.Closed => Closed(bucket),
            _ => new StepOutcome.Succeeded(Observation.Absent),
        };
    });

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var bucket = BucketNames.Of(call);
        var seen = await LookAsync(bucket, cancellationToken).ConfigureAwait(false);
        if (seen is Seen.Owned there)
        {
            return there.Owner.IsThis(call) ? Present(bucket) : Foreign(bucket);
        }

        if (seen is Seen.Foreign || (seen is Seen.Unmarked && !await IsUnfinishedAsync(bucket, cancellationToken).ConfigureAwait(false)))
        {
            return Foreign(bucket);
        }

        if (seen is not Seen.Unmarked)
        {
            if (await server.CreateBucketAsync(bucket, cancellationToken).ConfigureAwait(false) == Creation.Taken)
            {
                return Foreign(bucket);
            }

            if (seen is Seen.Closed)
            {
                return Closed(bucket);
            }
        }

        await server.KeepVersionsAsync(bucket, cancellationToken).ConfigureAwait(false);
        if (await new ConditionProbe(server).FaultAsync(bucket, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            await RemoveUnfinishedAsync(bucket, cancellationToken).ConfigureAwait(false);
            return new StepOutcome.Failed(
                ErrorClass.Terminal, $"Bucket {bucket} was given up: S3 server {server.Shown} {fault}, so that of two writers one would be lost; bind the environment's object storage to a server that holds If-None-Match and If-Match on writes.");
        }

        if (await server.WriteAsync(bucket, BucketOwner.Key, BucketOwner.Of(call).Write(), new PutCondition(null), cancellationToken).ConfigureAwait(false) is PutOutcome.Stored)
        {
            return Present(bucket);
        }

        // Somebody was first; perhaps this very owner, in another process.
        return await LookAsync(bucket, cancellationToken).ConfigureAwait(false) switch
        {
            Seen.Owned { Owner: var owner } when owner.IsThis(call) => Present(bucket),
            Seen.Owned or Seen.Foreign => Foreign(bucket),
            _ => new StepOutcome.Failed(ErrorClass.Transient, $"Bucket {bucket} was changed at the same time."),
        };
    });

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, BucketSpec spec, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var bucket = call.ObjectId ?? BucketNames.Of(call);
        switch (await LookAsync(bucket, cancellationToken).ConfigureAwait(false))
        {
            case Seen.Closed:
                return Closed(bucket);
            case Seen.Unmarked when await IsUnfinishedAsync(bucket, cancellationToken).ConfigureAwait(false):
                return await RemoveUnfinishedAsync(bucket, cancellationToken).ConfigureAwait(false) ? Gone() : Going(bucket);
            case Seen.Owned { Owner: var owner } when owner.IsThis(call):
                break;
            default:
                return Gone();
        }

        // The marks go last: what is half deleted is still its owner's.
        if (await FirstAsync(bucket, static v => v.Key != BucketOwner.Key, cancellationToken).ConfigureAwait(false) is { Count: > 0 } contents)
        {
            await DeleteAsync(bucket, contents, cancellationToken).ConfigureAwait(false);
            return Going(bucket);
        }

        await DeleteAsync(bucket, await FirstAsync(bucket, static v => v.Key == BucketOwner.Key, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return await server.DeleteBucketAsync(bucket, cancellationToken).ConfigureAwait(false) ? Gone() : Going(bucket);
    });

    private static async Task<StepOutcome> GuardAsync(Func<Task<StepOutcome>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (ReplyLostException lost)
        {
            return new StepOutcome.Unknown(lost.Message);
        }
        catch (ProviderException refused)
        {
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }
    }

    private static StepOutcome.Succeeded Present(string bucket) => new(Observation.Present(bucket, Outputs(bucket)));

    private static StepOutcome.Succeeded Gone() => new(Observation.Absent);

    private static StepOutcome.InProgress Going(string bucket) => new("emptying", Pause, $"Bucket {bucket} is being emptied.");

    private static string Outputs(string bucket) => ResourceJson.Write(new BucketOutputs(bucket));

    private StepOutcome.Failed Foreign(string bucket) => new(
        ErrorClass.Conflict, $"Bucket {bucket} is there already at S3 server {server.Shown} and belongs to somebody else; remove it there, or use another account.");

    private StepOutcome.Failed Closed(string bucket) => new(
        ErrorClass.Unauthorized, $"S3 server {server.Shown} does not let the access key read bucket {bucket}; permit it s3:GetObject and s3:ListBucket there, or see whether the bucket is another account's.");

    private async Task<Seen> LookAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            return await server.ReadAsync(bucket, BucketOwner.Key, cancellationToken).ConfigureAwait(false) is not { } marks ? new Seen.Unmarked()
                : BucketOwner.Read(marks.Content.Span) is { } owner ? new Seen.Owned(owner) : new Seen.Foreign();
        }
        catch (ProviderException refused) when (refused.Error == ErrorClass.NotFound)
        {
            return new Seen.Absent();
        }
        catch (ProviderException refused) when (refused.Error == ErrorClass.Unauthorized)
        {
            return new Seen.Closed();
        }
    }

    /// <summary>Whether nothing is in a bucket but what a probe left.</summary>
    private async Task<bool> IsUnfinishedAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            return (await FirstAsync(bucket, static v => !ConditionProbe.IsProbe(v.Key), cancellationToken).ConfigureAwait(false)).Count == 0;
        }
        catch (ProviderException gone) when (gone.Error == ErrorClass.NotFound)
        {
            return true;
        }
    }

    /// <returns>Whether it is gone; false where somebody wrote to it meanwhile.</returns>
    private async Task<bool> RemoveUnfinishedAsync(string bucket, CancellationToken cancellationToken)
    {
        try
        {
            await DeleteAsync(bucket, await FirstAsync(bucket, static v => ConditionProbe.IsProbe(v.Key), cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return await server.DeleteBucketAsync(bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException gone) when (gone.Error == ErrorClass.NotFound)
        {
            return true;
        }
    }

    /// <summary>The first page that holds what is looked for, and of it that.</summary>
    private async Task<IReadOnlyList<ObjectVersion>> FirstAsync(string bucket, Func<ObjectVersion, bool> wanted, CancellationToken cancellationToken)
    {
        await foreach (var page in server.VersionsAsync(bucket, "", cancellationToken).ConfigureAwait(false))
        {
            if (page.Where(wanted).ToList() is { Count: > 0 } found)
            {
                return found;
            }
        }

        return [];
    }

    private Task DeleteAsync(string bucket, IReadOnlyList<ObjectVersion> versions, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        versions, new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellationToken },
        async (version, t) => await server.DeleteAsync(bucket, version, t).ConfigureAwait(false));

    /// <summary>What is at a bucket's name.</summary>
    private abstract record Seen
    {
        /// <summary>A bucket of Tarmak's.</summary>
        /// <param name="Owner">Whose.</param>
        public sealed record Owned(BucketOwner Owner) : Seen;

        /// <summary>A bucket whose marks are none of Tarmak's.</summary>
        public sealed record Foreign : Seen;

        /// <summary>A bucket without marks.</summary>
        public sealed record Unmarked : Seen;

        /// <summary>A bucket that may not be looked into.</summary>
        public sealed record Closed : Seen;

        /// <summary>Nothing.</summary>
        public sealed record Absent : Seen;
    }
}
