using Tarmak.Machines.Steps;
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
    private bool undone;

    /// <summary>The call of the rightful owner's first object.</summary>
    public ResourceCall Call { get; } = CallOf(scope, kind, part, "rightful", 1);

    public ResourceTraits Traits => driver.Traits;

    /// <summary>The same object by the driver of another opening of the provider.</summary>
    public Specimen<TSpec> At(IResourceDriver<TSpec> other) => new(scope, other, kind, spec, part);

    /// <summary>A call about an object of the same name.</summary>
    public ResourceCall As(string uid, int incarnation) => CallOf(scope, kind, part, uid, incarnation);

    public Task<StepOutcome> ObserveOutcomeAsync(ResourceCall call, CancellationToken cancellationToken) =>
        DriveAsync(call, c => driver.ObserveAsync(c, spec, cancellationToken), cancellationToken);

    public Task<StepOutcome> EnsureOutcomeAsync(ResourceCall call, CancellationToken cancellationToken)
    {
        if (!undone)
        {
            undone = true;
            scope.Afterwards(LeaveAsync);
        }

        return DriveAsync(call, c => driver.EnsureAsync(c, spec, cancellationToken), cancellationToken);
    }

    public Task<StepOutcome> DeleteOutcomeAsync(ResourceCall call, CancellationToken cancellationToken) =>
        DriveAsync(call, c => driver.DeleteAsync(c, spec, cancellationToken), cancellationToken);

    public async Task<Observation> EnsureAsync(CancellationToken cancellationToken)
    {
        var seen = Succeeded("Ensuring", await EnsureOutcomeAsync(Call, cancellationToken).ConfigureAwait(false));
        Expect.That(seen is { Exists: true, ObjectId.Length: > 0, Outputs.Length: > 0 }, $"Ensuring the {kind} succeeded without an object, its id or its outputs.");
        return seen;
    }

    public async Task<Observation> ObserveAsync(ResourceCall call, CancellationToken cancellationToken) =>
        Succeeded("Observing", await ObserveOutcomeAsync(call, cancellationToken).ConfigureAwait(false));

    public async Task DeleteAsync(string objectId, CancellationToken cancellationToken)
    {
        var seen = Succeeded("Deleting", await DeleteOutcomeAsync(Call with { ObjectId = objectId }, cancellationToken).ConfigureAwait(false));
        Expect.That(!seen.Exists, $"Deleting the {kind} succeeded, and the object is still there.");
    }

    private static ResourceCall CallOf(CheckScope scope, string kind, string? part, string uid, int incarnation)
    {
        var name = part is null ? scope.Name : $"{scope.Name}-{part}";
        return new ResourceCall
        {
            Marks = new OwnerMarks(scope.Installation, "conformance", null, $"{name}-{uid}", $"conformance#{kind}/{name}"),
            Name = $"tarmak-{name}",
            Incarnation = incarnation,
            Token = $"{name}-{uid}-ensure-{incarnation}",
        };
    }

    private Observation Succeeded(string what, StepOutcome outcome) => outcome is StepOutcome.Succeeded { Observation: var seen }
        ? seen
        : throw new CheckFailedException($"{what} the {kind} should succeed and ended as {outcome}.");

    // A machine goes on asking with the handle it was given; so does a check.
    private async Task<StepOutcome> DriveAsync(ResourceCall call, Func<ResourceCall, Task<StepOutcome>> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            var outcome = await step(call).ConfigureAwait(false);
            if (outcome is not StepOutcome.InProgress going)
            {
                return outcome;
            }

            await Task.Delay(going.PollAfter, scope.Time, cancellationToken).ConfigureAwait(false);
            call = call with { Handle = going.Handle };
        }
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        for (var incarnation = 1; incarnation <= 2; incarnation++)
        {
            var call = Call with { Incarnation = incarnation };
            var seen = await ObserveAsync(call, cancellationToken).ConfigureAwait(false);
            if (seen is { Exists: true, ObjectId: { } id })
            {
                await DeleteOutcomeAsync(call with { ObjectId = id }, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
