using Tarmak.Machines.Steps;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>One object as a check makes it, by the steps a machine of the engine takes.</summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="scope">The check's scope.</param>
/// <param name="driver">The driver.</param>
/// <param name="kind">The resource kind.</param>
/// <param name="spec">The specification.</param>
/// <param name="part">Tells it from others of its kind in the same check; null where there is one.</param>
internal sealed class Specimen<TSpec>(CheckScope scope, IResourceDriver<TSpec> driver, string kind, TSpec spec, string? part = null)
    where TSpec : class
{
    /// <summary>The owner whose object it is.</summary>
    public const string Rightful = "rightful";

    /// <summary>Attempts of a step whose failures pass by themselves.</summary>
    private const int Attempts = 8;

    private SpecimenEffects effects = new();

    /// <summary>The environment in its marks.</summary>
    public string Environment { get; init; } = "conformance";

    /// <summary>The installation in its marks.</summary>
    public string Installation { get; init; } = scope.Installation;

    /// <summary>The call of the rightful owner's first object.</summary>
    public ResourceCall Call => As(Rightful, 1);

    public ResourceTraits Traits => driver.Traits;

    /// <summary>The same object by the driver of another opening of the provider.</summary>
    public Specimen<TSpec> At(IResourceDriver<TSpec> other) => new(scope, other, kind, spec, part) { effects = effects, Environment = Environment, Installation = Installation };

    /// <summary>The same object by another specification.</summary>
    public Specimen<TSpec> With(TSpec other) => new(scope, driver, kind, other, part) { effects = effects, Environment = Environment, Installation = Installation };

    /// <summary>A call about an object of the same name.</summary>
    public ResourceCall As(string uid, int incarnation)
    {
        var name = part is null ? scope.Name : $"{scope.Name}-{part}";
        return new ResourceCall
        {
            Marks = new OwnerMarks(Installation, Environment, null, $"{name}-{kind}-{uid}", $"{Environment}#{kind}/{name}"),
            Name = $"tarmak-{name}",
            Incarnation = incarnation,
            Token = $"{name}-{kind}-{uid}-ensure-{incarnation}",
        };
    }

    /// <summary>Has what a call may make removed when the check is over, by this driver.</summary>
    public void LeaveAfterwards(ResourceCall call)
    {
        if (effects.IsFirst(call))
        {
            scope.Afterwards(t => LeaveAsync(call with { ObjectId = null, Handle = null }, t));
        }
    }

    public Task<StepOutcome> ObserveOutcomeAsync(ResourceCall call, CancellationToken cancellationToken) =>
        DriveAsync(call, c => driver.ObserveAsync(c, spec, cancellationToken), canRepeat: true, cancellationToken);

    /// <summary>Something of it changed by itself until now, as what was being made has become ready: it may take the bound to show.</summary>
    public void Changed() => effects.Ended(scope.Time.GetTimestamp());

    /// <summary>One step as an engine's machine takes it, from recorded parameters and with its outcome as it comes.</summary>
    public async Task<StepOutcome> StepAsync(StepCall step, ResourceCall call, CancellationToken cancellationToken)
    {
        if (step.Step == StepKind.Ensure)
        {
            LeaveAfterwards(call);
        }

        try
        {
            // A driver that does not listen to its token is left behind, as the engine leaves it.
            return await BoundDriver.Of(driver).RunAsync(step, call, cancellationToken).WaitAsync(Traits.CallDeadline * 2, scope.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new CheckFailedException($"{step.Step} of the {kind} went on for twice its deadline of {Traits.CallDeadline.TotalSeconds:0} s.");
        }
        finally
        {
            if (step.Step != StepKind.Observe)
            {
                effects.Ended(scope.Time.GetTimestamp());
            }
        }
    }

    /// <summary>One call of the driver, with its outcome as it comes.</summary>
    public async Task<StepOutcome> OnceAsync(StepKind step, ResourceCall call, CancellationToken cancellationToken)
    {
        if (step == StepKind.Ensure)
        {
            LeaveAfterwards(call);
        }

        try
        {
            return step switch
            {
                StepKind.Observe => await driver.ObserveAsync(call, spec, cancellationToken).ConfigureAwait(false),
                StepKind.Ensure => await driver.EnsureAsync(call, spec, cancellationToken).ConfigureAwait(false),
                StepKind.Delete => await driver.DeleteAsync(call, spec, cancellationToken).ConfigureAwait(false),
                _ => throw new InvalidOperationException($"{step} is no step."),
            };
        }
        catch (ProviderException refused)
        {
            // The engine takes both forms of a refusal.
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }
        finally
        {
            if (step != StepKind.Observe)
            {
                effects.Ended(scope.Time.GetTimestamp());
            }
        }
    }

    public async Task<StepOutcome> EnsureOutcomeAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        LeaveAfterwards(call);

        try
        {
            return await DriveAsync(
                call, c => driver.EnsureAsync(c, spec, cancellationToken), Traits.EnsureResolution != UnknownResolution.Read, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            effects.Ended(scope.Time.GetTimestamp());
        }
    }

    public async Task<StepOutcome> DeleteOutcomeAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await DriveAsync(call, c => driver.DeleteAsync(c, spec, cancellationToken), canRepeat: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            effects.Ended(scope.Time.GetTimestamp());
        }
    }

    public async Task<Observation> EnsureAsync(CancellationToken cancellationToken)
    {
        var seen = Succeeded("Ensuring", await EnsureOutcomeAsync(Call, cancellationToken).ConfigureAwait(false));
        Expect.That(seen is { Exists: true, ObjectId.Length: > 0, Outputs.Length: > 0 }, $"Ensuring the {kind} succeeded without an object, its id or its outputs.");
        return seen;
    }

    public async Task<Observation> ObserveAsync(ResourceCall call, CancellationToken cancellationToken) =>
        Succeeded("Observing", await ObserveOutcomeAsync(call, cancellationToken).ConfigureAwait(false));

    /// <summary>Looks until what is expected shows, or until it would have to show by the declared bound.</summary>
    public async Task<Observation> ObserveUntilAsync(ResourceCall call, Func<Observation, bool> isExpected, CancellationToken cancellationToken)
    {
        while (true)
        {
            var proves = Unproven == TimeSpan.Zero;
            var seen = await ObserveAsync(call, cancellationToken).ConfigureAwait(false);
            if (proves || isExpected(seen))
            {
                return seen;
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(Traits.VisibilityBound.Ticks / 10, 1, TimeSpan.TicksPerSecond)), scope.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks once the bound has passed: before it, neither absence nor presence proves anything.</summary>
    public async Task<Observation> ObserveProvenAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        return await ObserveAsync(call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until every look and list must see what was done.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (Unproven is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, scope.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task DeleteAsync(string objectId, CancellationToken cancellationToken)
    {
        var seen = Succeeded("Deleting", await DeleteOutcomeAsync(Call with { ObjectId = objectId }, cancellationToken).ConfigureAwait(false));
        Expect.That(!seen.Exists, $"Deleting the {kind} succeeded, and the object is still there.");
    }

    private Observation Succeeded(string what, StepOutcome outcome) => outcome is StepOutcome.Succeeded { Observation: var seen }
        ? seen
        : throw new CheckFailedException($"{what} the {kind} should succeed and ended as {outcome}.");

    /// <summary>How long it still takes until what was done must show.</summary>
    private TimeSpan Unproven
    {
        get
        {
            var wait = effects.LastEnded is { } ended ? Traits.VisibilityBound - scope.Time.GetElapsedTime(ended) : TimeSpan.Zero;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    // A machine goes on asking with the handle it was given, slows down where it is told to, and calls again where the driver
    // declares that it may; so does a check.
    private async Task<StepOutcome> DriveAsync(ResourceCall call, Func<ResourceCall, Task<StepOutcome>> step, bool canRepeat, CancellationToken cancellationToken)
    {
        var attempts = 0;
        while (true)
        {
            var outcome = await step(call).ConfigureAwait(false);
            TimeSpan wait;
            switch (outcome)
            {
                case StepOutcome.InProgress going:
                    wait = going.PollAfter;
                    call = call with { Handle = going.Handle };
                    break;
                case StepOutcome.Failed { Error: ErrorClass.RateLimited or ErrorClass.Transient } failed when ++attempts < Attempts:
                    wait = RetryPolicy.Delay(failed.Error, attempts, 0);
                    break;
                case StepOutcome.Unknown when canRepeat && ++attempts < Attempts:
                    wait = RetryPolicy.Delay(null, attempts, 0);
                    break;
                default:
                    return outcome;
            }

            await Task.Delay(wait, scope.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LeaveAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        if (await ObserveProvenAsync(call, cancellationToken).ConfigureAwait(false) is { Exists: true, ObjectId: { } id })
        {
            Succeeded("Removing", await DeleteOutcomeAsync(call with { ObjectId = id }, cancellationToken).ConfigureAwait(false));
        }
    }
}
