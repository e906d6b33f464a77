using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Drivers;

/// <summary>
/// Drives any kind, at any sort of cloud: by tokens, by unique names or by looking; marked by labels or by a record beside.
/// It believes a "not there" only where the cloud answers from what is, or after the visibility bound.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="cloud">The cloud.</param>
/// <param name="profile">What sort it is.</param>
/// <param name="kind">The kind.</param>
/// <param name="time">The clock.</param>
internal sealed class SimulatedDriver<TSpec>(ICloud cloud, CloudProfile profile, SimulatedKind<TSpec> kind, TimeProvider time) : IResourceDriver<TSpec>
    where TSpec : class
{
    /// <summary>An id that stands for a companion without its object.</summary>
    private const string CompanionOnly = "companion-of-";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly bool hasCompanions = profile.MarkOf(kind) == ObjectMark.Companion;
    private readonly bool hasUniqueNames = profile.ResolutionOf(kind) == UnknownResolution.UniqueName;

    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = kind.TraitsIn(profile);

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        WithinDeadlineAsync(token => LookAsync(call, spec, token), cancellationToken);

    /// <inheritdoc/>
    public Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        WithinDeadlineAsync(
            token => StepHandle.Read(call.Handle) is { What: StepHandle.Making } handle ? AskAfterAsync(handle, call, spec, token) : MakeAsync(call, spec, token), cancellationToken);

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) => kind.IsShared
        ? Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent))
        : WithinDeadlineAsync(token => RemoveAsync(call, spec, token), cancellationToken);

    private static bool IsCompanionOnly(string? id) => id?.StartsWith(CompanionOnly, StringComparison.Ordinal) == true;

    private static bool IsOwners(CloudObject seen, ResourceCall call) => seen.Marks is { } marks && marks.Uid == call.Marks.Uid && marks.Installation == call.Marks.Installation;

    private async Task<StepOutcome> WithinDeadlineAsync(Func<CancellationToken, Task<StepOutcome>> step, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(profile.CallDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await step(either.Token).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }
        catch (NoAnswerException lost)
        {
            return new StepOutcome.Unknown(lost.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StepOutcome.Unknown($"No answer came within {profile.CallDeadline.TotalSeconds:0} s.");
        }
    }

    private async Task<StepOutcome> LookAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (hasCompanions && (await CompanionAsync(call, spec, cancellationToken).ConfigureAwait(false))?.IsOf(call) != true)
        {
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        var seen = await SeenAsync(call, spec, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(
            seen is not null ? IsThis(seen, call) ? Sight(seen, spec) : Observation.Absent
            : hasCompanions ? new Observation(true, CompanionOnly + call.Name, false, $"Of {kind.Name} {call.Name} only the record shows that says whose it is.", null)
            : Observation.Absent);
    }

    private async Task<StepOutcome> MakeAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (hasCompanions)
        {
            await Companion.ClaimAsync(cloud, kind.Name, kind.NameOf(call, spec), call, cancellationToken).ConfigureAwait(false);
        }

        if (call.ObjectId is { } id && !IsCompanionOnly(id))
        {
            return await BringAsync(id, call, spec, cancellationToken).ConfigureAwait(false);
        }

        if (Traits.EnsureResolution == UnknownResolution.Read && await SeenAsync(call, spec, cancellationToken).ConfigureAwait(false) is { } mine)
        {
            return await TakeAsync(mine, call, spec, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var made = await cloud.DescribeAsync(Writing(CloudMethod.Create, call, spec), cancellationToken).ConfigureAwait(false);
            return await TakeAsync(made!, call, spec, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedException taken) when (taken.NameTaken)
        {
            // Asked by name only: what is there is not known by its id yet.
            var there = await SeenAsync(call with { ObjectId = null }, spec, cancellationToken).ConfigureAwait(false);
            return there is null
                ? new StepOutcome.InProgress(new StepHandle(StepHandle.Name, "-", 0).ToString(), Poll, $"{taken.Message} It does not show yet, so it is not known whose it is.")
                : kind.IsShared || hasCompanions || (IsOwners(there, call) && there.Incarnation <= call.Incarnation)
                    ? await TakeAsync(there, call, spec, cancellationToken).ConfigureAwait(false)
                    : new StepOutcome.Failed(ErrorClass.Conflict, $"{taken.Message} It belongs to {there.Marks?.Owner ?? "nobody"}; rename one.");
        }
    }

    /// <summary>Goes on with an object of one's own that is there.</summary>
    private async Task<StepOutcome> TakeAsync(CloudObject there, ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        !kind.IsShared && there.State != CloudObjectState.Deleting
            && (there.State == CloudObjectState.Unfinished || !IsThis(there, call) || Traits.Compare(there.Parameters, Written(spec)) != ChangeEffect.None)
            ? await BringAsync(there.Id, call, spec, cancellationToken).ConfigureAwait(false)
            : Answer(there, spec);

    private async Task<StepOutcome> BringAsync(string id, ResourceCall call, TSpec spec, CancellationToken cancellationToken) => Answer(
        (await cloud.DescribeAsync(Writing(CloudMethod.Update, call, spec) with { Id = id, Token = null }, cancellationToken).ConfigureAwait(false))!, spec);

    private async Task<StepOutcome> AskAfterAsync(StepHandle handle, ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        await cloud.DescribeAsync(Reading with { Id = handle.Id }, cancellationToken).ConfigureAwait(false) switch
        {
            null when Now < handle.Until => new StepOutcome.InProgress(handle.ToString(), Poll, $"{kind.Name} {call.Name} ({handle.Id}) does not show yet."),
            null => new StepOutcome.Failed(ErrorClass.NotFound, $"{kind.Name} {call.Name} ({handle.Id}) is gone before it was made."),
            { State: CloudObjectState.Unfinished } half => await BringAsync(half.Id, call, spec, cancellationToken).ConfigureAwait(false),
            { } seen => Answer(seen, spec),
        };

    private StepOutcome Answer(CloudObject there, TSpec spec) => there.State switch
    {
        CloudObjectState.Making => new StepOutcome.InProgress(new StepHandle(StepHandle.Making, there.Id, Shows).ToString(), Poll, $"{kind.Name} {there.Name} ({there.Id}) is being made."),
        CloudObjectState.Deleting => new StepOutcome.Failed(ErrorClass.Transient, $"Making {kind.Name} {there.Name}: {there.Id} of that name is being removed."),
        CloudObjectState.Unfinished => new StepOutcome.Failed(ErrorClass.Transient, $"Making {kind.Name} {there.Name} ({there.Id}) stopped half-way."),
        _ => new StepOutcome.Succeeded(Observation.Present(there.Id, Outputs(there))),
    };

    private async Task<StepOutcome> RemoveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        var handle = StepHandle.Read(call.Handle);
        var companion = hasCompanions ? await CompanionAsync(call, spec, cancellationToken).ConfigureAwait(false) : null;
        if (hasCompanions && companion?.IsOf(call) != true)
        {
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        var id = handle is { What: StepHandle.Deleting } ? handle.Id : call.ObjectId!;
        if (handle is not { What: StepHandle.Deleting } && (!hasCompanions || IsCompanionOnly(id)))
        {
            var seen = await SeenAsync(call, spec, cancellationToken).ConfigureAwait(false);
            if (seen is null && handle is null && profile.VisibilityBound > TimeSpan.Zero)
            {
                return Wait(id, call, Shows);
            }

            if (seen is null && handle is not null && Now < handle.Until)
            {
                return Wait(id, call, handle.Until);
            }

            if (seen is not null && !IsThis(seen, call))
            {
                return new StepOutcome.Succeeded(Observation.Absent);
            }

            id = seen?.Id;
        }

        if (id is not null && await DeleteAsync(id, cancellationToken).ConfigureAwait(false) is { } leaving)
        {
            return new StepOutcome.InProgress(new StepHandle(StepHandle.Deleting, id, 0).ToString(), Poll, $"{kind.Name} {leaving.Name} ({id}) is being removed.");
        }

        if (companion is not null)
        {
            if (id is not null && kind.TakesAlong?.Invoke(id) is var (other, name))
            {
                await Companion.RemoveAsync(cloud, other.Name, name, cancellationToken).ConfigureAwait(false);
            }

            await companion.ReleaseAsync(cloud, kind.Name, kind.NameOf(call, spec), cancellationToken).ConfigureAwait(false);
        }

        return new StepOutcome.Succeeded(Observation.Absent);
    }

    private StepOutcome.InProgress Wait(string id, ResourceCall call, long until) =>
        new(new StepHandle(StepHandle.Showing, id, until).ToString(), Poll, $"{kind.Name} {call.Name} ({id}) does not show, which proves nothing yet.");

    /// <summary>Removes an object; null where it is gone.</summary>
    private async Task<CloudObject?> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await cloud.DescribeAsync(new CloudRequest(CloudMethod.Delete, kind.Name) { Id = id }, cancellationToken).ConfigureAwait(false);
        }
        catch (RefusedException gone) when (gone.Error == ErrorClass.NotFound)
        {
            return null;
        }
    }

    private Task<Companion?> CompanionAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken) =>
        Companion.ReadAsync(cloud, kind.Name, kind.NameOf(call, spec), cancellationToken);

    /// <summary>The object as it shows: by its id, by its name, or among the owner's.</summary>
    private async Task<CloudObject?> SeenAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        if (call.ObjectId is { } id && !IsCompanionOnly(id))
        {
            return await cloud.DescribeAsync(Reading with { Id = id }, cancellationToken).ConfigureAwait(false);
        }

        if (hasUniqueNames)
        {
            return await cloud.DescribeAsync(Reading with { Name = kind.NameOf(call, spec), IsUniqueName = true }, cancellationToken).ConfigureAwait(false);
        }

        var owned = await cloud.AskAsync(Reading with { Uid = call.Marks.Uid }, cancellationToken).ConfigureAwait(false);
        return owned.Objects.FirstOrDefault(o => IsThis(o, call));
    }

    private CloudRequest Reading => new(CloudMethod.Describe, kind.Name);

    private long Now => time.GetUtcNow().UtcTicks;

    private long Shows => Now + profile.VisibilityBound.Ticks;

    private CloudRequest Writing(CloudMethod method, ResourceCall call, TSpec spec) => new(method, kind.Name)
    {
        Name = kind.NameOf(call, spec),
        IsUniqueName = hasUniqueNames,
        Token = Traits.EnsureResolution == UnknownResolution.Replay ? call.Token : null,
        Marks = profile.MarkOf(kind) == ObjectMark.Labels ? call.Marks : null,
        Incarnation = call.Incarnation,
        Parameters = Written(spec),
    };

    /// <summary>Whether an object is the one the call is about. Where a companion says whose it is, that was asked already.</summary>
    private bool IsThis(CloudObject seen, ResourceCall call) => kind.IsShared || hasCompanions || (IsOwners(seen, call) && seen.Incarnation == call.Incarnation);

    private Observation Sight(CloudObject seen, TSpec spec) => seen.State switch
    {
        CloudObjectState.Making => Drifted(seen, "is being made"),
        CloudObjectState.Deleting => Drifted(seen, "is being removed"),
        CloudObjectState.Unfinished => Drifted(seen, "stopped half-way"),
        _ when Traits.Compare(seen.Parameters, Written(spec)) != ChangeEffect.None => Drifted(seen, "is set otherwise"),
        _ => Observation.Present(seen.Id, Outputs(seen)),
    };

    private string Written(TSpec spec) => ResourceJson.Write(kind.Written(spec, profile));

    private Observation Drifted(CloudObject seen, string how) => Observation.Drifted(seen.Id, Outputs(seen), $"{kind.Name} {seen.Name} ({seen.Id}) {how}.");

    private string Outputs(CloudObject seen) => kind.Outputs(seen, ResourceJson.Read<TSpec>(seen.Parameters), profile);
}
