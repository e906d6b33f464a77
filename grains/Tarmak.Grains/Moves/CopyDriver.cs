using System.Security.Cryptography;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// What an environment keeps at one of its places. Made, it is copied from the place in force; deleted, it is wiped there,
/// unless the two places turn out to be one.
/// </summary>
/// <typeparam name="TSpec">Type of the specification.</typeparam>
public abstract class CopyDriver<TSpec> : IResourceDriver<TSpec>
    where TSpec : class, ICopySpec
{
    /// <summary>Values that a step of wiping takes away, at most.</summary>
    internal const int WipePageSize = 64;

    private const int ProbeLength = 32;

    private protected CopyDriver(string kind, TimeSpan callDeadline) => Traits = new ResourceTraits
    {
        Kind = kind,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = callDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public ResourceTraits Traits { get; }

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Seen(spec)));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        return await CopyAsync(call, spec, cancellationToken).ConfigureAwait(false) ?? new StepOutcome.Succeeded(Seen(spec));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        if (await GoesOtherwiseAsync(spec, cancellationToken).ConfigureAwait(false))
        {
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        var recorded = await InForceAsync(spec, cancellationToken).ConfigureAwait(false);
        if (recorded?.Place == spec.Place)
        {
            // The environment is going, and what is there goes with whoever owns it.
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        try
        {
            var place = await OpenAsync(spec, cancellationToken).ConfigureAwait(false);
            var inForce = recorded is null ? null : await OpenAsync(recorded, cancellationToken).ConfigureAwait(false);
            var isLeft = inForce is null || !await AreOneAsync(place, inForce, call, cancellationToken).ConfigureAwait(false);
            return isLeft && await LeaveAsync(place, inForce, cancellationToken).ConfigureAwait(false)
                ? new StepOutcome.InProgress("wiping", TimeSpan.Zero, $"{What(spec)} are being wiped at {spec.Provider}.")
                : new StepOutcome.Succeeded(Observation.Absent);
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(refused.Error, $"{What(spec)} cannot be wiped at {spec.Provider}, where they are used no more: {refused.Message}", refused);
        }
    }

    /// <summary>Copies a page of what is in force.</summary>
    /// <returns>That there is more; null: the copy is whole.</returns>
    internal async Task<StepOutcome?> CopyAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken)
    {
        var inForce = await InForceAsync(spec, cancellationToken).ConfigureAwait(false);
        if (inForce is null || inForce.Place == spec.Place)
        {
            return null;
        }

        try
        {
            var target = await OpenAsync(spec, cancellationToken).ConfigureAwait(false);
            var last = await Copying.PageAsync(await OpenAsync(inForce, cancellationToken).ConfigureAwait(false), target, call.Handle, cancellationToken).ConfigureAwait(false);

            // It may have been left once, and the leaving cut off by this.
            await target.DeleteAsync(target.ProbeOf(Copying.LeftMark), cancellationToken).ConfigureAwait(false);
            return last is null
                ? null
                : new StepOutcome.InProgress(last, TimeSpan.Zero, $"{What(spec)} are being copied from {inForce.Provider} to {spec.Provider}.");
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(
                refused.Error, $"{What(spec)} cannot be copied to {spec.Provider} and are served from {inForce.Provider} meanwhile: {refused.Message}", refused);
        }
    }

    /// <summary>What is copied, in the plural, to begin a sentence.</summary>
    private protected abstract string What(TSpec spec);

    /// <summary>Id of a copy.</summary>
    private protected abstract string IdOf(TSpec spec);

    /// <summary>The same things at the place in force; null where none was ever recorded, or nothing was ever made there.</summary>
    private protected abstract Task<TSpec?> InForceAsync(TSpec spec, CancellationToken cancellationToken);

    /// <summary>Opens a place.</summary>
    private protected abstract Task<CopyPlace> OpenAsync(TSpec spec, CancellationToken cancellationToken);

    /// <summary>Whether what is at a place that is being left goes without being wiped here.</summary>
    private protected virtual Task<bool> GoesOtherwiseAsync(TSpec spec, CancellationToken cancellationToken) => Task.FromResult(false);

    private Observation Seen(TSpec spec) => Observation.Present(IdOf(spec), ResourceJson.Write(new CopyOutputs(spec.Place)));

    /// <summary>Whether what is written to one place is read from the other: two providers may lead to one.</summary>
    private static async Task<bool> AreOneAsync(CopyPlace place, CopyPlace inForce, ResourceCall call, CancellationToken cancellationToken)
    {
        var name = place.ProbeOf(call.Marks.Uid);
        var content = RandomNumberGenerator.GetBytes(ProbeLength);
        await place.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        if (!await place.WriteAsync(name, content, null, cancellationToken).ConfigureAwait(false))
        {
            throw new ProviderException(ErrorClass.Transient, "What was to be written there to try the place was written at the same time.");
        }

        var read = await inForce.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        await place.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        return read is not null && read.Content.Span.SequenceEqual(content);
    }

    /// <returns>Whether more is left.</returns>
    private static async Task<bool> LeaveAsync(CopyPlace place, CopyPlace? inForce, CancellationToken cancellationToken)
    {
        var names = await place.ListAsync(cancellationToken).ConfigureAwait(false);
        if (inForce is not null)
        {
            await Copying.RequireLivingAsync(inForce, (await inForce.ListAsync(cancellationToken).ConfigureAwait(false)).Count, names.Count, cancellationToken).ConfigureAwait(false);
        }

        var mark = place.ProbeOf(Copying.LeftMark);
        if (names.Count > 0)
        {
            await place.WriteAsync(mark, new byte[] { 1 }, null, cancellationToken).ConfigureAwait(false);
        }

        foreach (var name in names.Take(WipePageSize))
        {
            await place.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }

        if (names.Count > WipePageSize)
        {
            return true;
        }

        await place.DeleteAsync(mark, cancellationToken).ConfigureAwait(false);
        return false;
    }
}
