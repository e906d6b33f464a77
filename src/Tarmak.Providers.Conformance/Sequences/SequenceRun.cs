using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Checks;

namespace Tarmak.Providers.Conformance.Sequences;

/// <summary>One sequence of steps on several objects, held against a model that knows what must be there.</summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
internal sealed class SequenceRun<TSpec>
    where TSpec : class
{
    private const string Stranger = "stranger";

    private readonly CheckScope scope;
    private readonly string kind;
    private readonly Func<IProvider, IResourceDriver<TSpec>> driver;
    private readonly Slot[] slots;

    /// <summary>Begins with nothing.</summary>
    /// <param name="scope">The run's scope.</param>
    /// <param name="kind">The resource kind.</param>
    /// <param name="driver">Finds the driver.</param>
    /// <param name="specs">What the objects are.</param>
    public SequenceRun(CheckScope scope, string kind, Func<IProvider, IResourceDriver<TSpec>> driver, IReadOnlyList<TSpec> specs)
    {
        (this.scope, this.kind, this.driver) = (scope, kind, driver);
        slots = [.. specs.Select((spec, number) => new Slot(new Specimen<TSpec>(scope, driver(scope.Provider), kind, spec, $"{(char)('a' + number)}")))];
    }

    /// <summary>Takes the steps, and removes what they made.</summary>
    /// <exception cref="CheckFailedException">What is there is not what must be.</exception>
    public async Task RunAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        foreach (var (index, operation) in operations.Index())
        {
            try
            {
                await TakeAsync(operation, slots[operation.Slot], cancellationToken).ConfigureAwait(false);
            }
            catch (CheckFailedException failed)
            {
                throw new CheckFailedException($"step {index + 1}, {operation}: {failed.Message}");
            }
        }

        foreach (var slot in slots)
        {
            await DeleteAsync(slot, cancellationToken).ConfigureAwait(false);
        }

        await ListAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task TakeAsync(Operation operation, Slot slot, CancellationToken cancellationToken) => operation.Kind switch
    {
        OperationKind.Ensure => EnsureAsync(slot, cancellationToken),
        OperationKind.EnsureAndDie => EnsureAndDieAsync(slot, cancellationToken),
        OperationKind.ObserveById => ObserveAsync(slot, slot.ObjectId, cancellationToken),
        OperationKind.ObserveByName => ObserveAsync(slot, null, cancellationToken),
        OperationKind.Delete => DeleteAsync(slot, cancellationToken),
        OperationKind.DeleteAndDie => DeleteAndDieAsync(slot, cancellationToken),
        OperationKind.DeletePredecessor => DeleteOtherAsync(slot, slot.Gone is { } gone ? slot.Call(gone.Incarnation) with { ObjectId = gone.ObjectId } : null, cancellationToken),
        OperationKind.DeleteAsStranger => DeleteOtherAsync(slot, slot.ObjectId is { } id ? slot.One.As(Stranger, slot.Incarnation) with { ObjectId = id } : null, cancellationToken),
        OperationKind.List => ListAsync(cancellationToken),
        _ => throw new InvalidOperationException($"{operation.Kind} is no step of a sequence."),
    };

    private async Task EnsureAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (slot.One.Traits.EnsureResolution == UnknownResolution.Read)
        {
            // Where only looking tells, a machine looks until the bound before it ensures again.
            await slot.One.SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        var outcome = await slot.One.EnsureOutcomeAsync(slot.Call(slot.Incarnation), cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Succeeded { Observation: { Exists: true, ObjectId.Length: > 0 } }, $"It should be there, and ensuring it ended as {outcome}.");
        var id = ((StepOutcome.Succeeded)outcome).Observation.ObjectId!;
        Expect.That(slot.ObjectId is null || slot.ObjectId == id, $"It was {slot.ObjectId}, and ensured again it is {id}.");
        Expect.That(slots.All(s => s == slot || s.ObjectId != id), $"It is {id}, which another is already.");
        slot.ObjectId = id;
    }

    private async Task EnsureAndDieAsync(Slot slot, CancellationToken cancellationToken)
    {
        await EnsureAsync(slot, cancellationToken).ConfigureAwait(false);
        await RestartAsync(slot, cancellationToken).ConfigureAwait(false);
    }

    private async Task DeleteAndDieAsync(Slot slot, CancellationToken cancellationToken)
    {
        await DeleteAsync(slot, cancellationToken).ConfigureAwait(false);
        await RestartAsync(slot, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next process knows of the object what was committed before the answer: its name only.</summary>
    private async Task RestartAsync(Slot slot, CancellationToken cancellationToken)
    {
        var provider = scope.Open();
        foreach (var one in slots)
        {
            one.One = one.One.At(driver(provider));
        }

        await ObserveAsync(slot, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task ObserveAsync(Slot slot, string? objectId, CancellationToken cancellationToken)
    {
        var call = slot.Call(slot.Incarnation) with { ObjectId = objectId };
        if (slot.ObjectId is not { } id)
        {
            var absent = await slot.One.ObserveProvenAsync(call, cancellationToken).ConfigureAwait(false);
            Expect.That(!absent.Exists, $"It is not there, and is observed as {absent.ObjectId}.");
            return;
        }

        var seen = await slot.One.ObserveUntilAsync(call, o => o.ObjectId == id && o.InSync, cancellationToken).ConfigureAwait(false);
        Expect.That(seen.ObjectId == id, $"It is {id}, and is observed as {seen.ObjectId ?? "absent"}.");
        Expect.That(seen.InSync, $"It is as it was ensured, and is observed out of sync: {seen.Detail}");
    }

    private async Task DeleteAsync(Slot slot, CancellationToken cancellationToken)
    {
        if (slot.ObjectId is { } id)
        {
            await DeletedAsync(slot, slot.Incarnation, id, cancellationToken).ConfigureAwait(false);
            (slot.Gone, slot.ObjectId) = ((slot.Incarnation, id), null);
            slot.Incarnation++;
        }
        else if (slot.Gone is { } gone)
        {
            await DeletedAsync(slot, gone.Incarnation, gone.ObjectId, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task DeletedAsync(Slot slot, int incarnation, string objectId, CancellationToken cancellationToken)
    {
        var outcome = await slot.One.DeleteOutcomeAsync(slot.Call(incarnation) with { ObjectId = objectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Succeeded { Observation.Exists: false }, $"Deleting {objectId} should leave nothing and ended as {outcome}.");
    }

    private async Task DeleteOtherAsync(Slot slot, ResourceCall? call, CancellationToken cancellationToken)
    {
        if (call is not null)
        {
            await slot.One.DeleteOutcomeAsync(call, cancellationToken).ConfigureAwait(false);
            await slot.One.SettleAsync(cancellationToken).ConfigureAwait(false);
            await ObserveAsync(slot, slot.ObjectId, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        foreach (var slot in slots)
        {
            await slot.One.SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        if (await OwnedObjects.OfAsync(scope, kind, cancellationToken).ConfigureAwait(false) is { } listed)
        {
            var (wanted, there) = (Sorted(slots.Select(s => s.ObjectId).OfType<string>()), Sorted(listed.Select(o => o.ObjectId)));
            Expect.That(wanted == there, $"There must be {wanted}, and the list has {there}.");
        }
    }

    private static string Sorted(IEnumerable<string> ids) => string.Join(", ", ids.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "nothing";

    /// <summary>What must be so of one object.</summary>
    private sealed class Slot(Specimen<TSpec> one)
    {
        public Specimen<TSpec> One { get; set; } = one;

        public int Incarnation { get; set; } = 1;

        public string? ObjectId { get; set; }

        public (int Incarnation, string ObjectId)? Gone { get; set; }

        public ResourceCall Call(int incarnation) => One.As(Specimen<TSpec>.Rightful, incarnation);
    }
}
