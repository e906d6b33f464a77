using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of every <see cref="IResourceDriver{TSpec}"/>, whatever it drives.</summary>
internal static class LifecycleChecks
{
    private const int AtOnce = 6;
    private const int Looks = 6;

    /// <summary>What is demanded of objects that nobody owns: those a deletion leaves, and those that are a relation of two others.</summary>
    public static readonly string[] OfUnowned = ["made-is-observed-as-made", "found-after-a-lost-reply", SweepChecks<object>.Made, OwnershipChecks<object>.Adopted];

    /// <summary>The checks for one kind.</summary>
    /// <typeparam name="TSpec">The kind's specification.</typeparam>
    /// <param name="capability">The capability, by its name in manifests.</param>
    /// <param name="kind">The resource kind.</param>
    /// <param name="driver">Finds the driver; null where the kind is not offered.</param>
    /// <param name="spec">What is made; it may need a place, which it finds first.</param>
    /// <param name="isOffered">What else must be so for the checks to be run; null: nothing.</param>
    /// <param name="excludedBy">Why a sheet with the kind excludes the checks; null: for no reason.</param>
    /// <param name="another">What the n-th object beside the first is, where several of the kind can be; null: there is one.</param>
    /// <param name="changed">Another specification of the same object; null: there is none.</param>
    /// <param name="only">The behaviours that are demanded of the kind; null: all.</param>
    public static ImmutableArray<ConformanceCheck> Of<TSpec>(
        string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec,
        Func<IProvider, bool>? isOffered = null, Func<RequirementSheet, string?>? excludedBy = null, Func<TSpec, int, TSpec>? another = null,
        Func<TSpec, TSpec>? changed = null, string[]? only = null)
        where TSpec : class
    {
        bool IsOffered(IProvider provider) => driver(provider) is not null && isOffered?.Invoke(provider) != false;

        ConformanceCheck Check(string behaviour, string demand, Func<Specimen<TSpec>, CheckScope, CancellationToken, Task> run) => new(
            $"{capability}/{kind}-{behaviour}", demand, IsOffered,
            async (scope, t) => await run(new Specimen<TSpec>(scope, driver(scope.Provider)!, kind, await spec(scope, t).ConfigureAwait(false)), scope, t).ConfigureAwait(false))
        {
            Group = CheckGroup.Lifecycle,
        };

        Specimen<TSpec> Again(Specimen<TSpec> one, CheckScope scope) => one.At(driver(scope.Open())!);

        ImmutableArray<ConformanceCheck> all =
        [
            Check("absent-before-it-is-made", $"Observing a {kind} that was not made tells that it is absent.", async (one, _, t) =>
                Expect.That(!(await one.ObserveAsync(one.Call, t).ConfigureAwait(false)).Exists, $"A {kind} that was never made was observed.")),

            Check("made-is-observed-as-made", $"A {kind} that was made is observed with the same id and outputs, by id and by name, and in sync.", async (one, _, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                foreach (var call in new[] { one.Call, one.Call with { ObjectId = made.ObjectId } })
                {
                    var seen = await one.ObserveUntilAsync(call, o => o.ObjectId == made.ObjectId && o.InSync, t).ConfigureAwait(false);
                    Expect.That(seen.Exists && seen.ObjectId == made.ObjectId, $"Made as {made.ObjectId}, observed as {seen.ObjectId ?? "absent"}.");
                    Expect.That(seen.InSync, $"What was just made is told to be out of sync: {seen.Detail}");
                    Expect.That(seen.Outputs == made.Outputs, $"Made with outputs {made.Outputs}, observed with {seen.Outputs}.");
                }
            }),

            Check("made-twice-is-one", $"Ensuring a {kind} again with the same token makes no second one.", async (one, scope, t) =>
            {
                var first = await one.EnsureAsync(t).ConfigureAwait(false);
                if (one.Traits.EnsureResolution == UnknownResolution.Read)
                {
                    // Where only looking tells, a machine looks until the bound before it ensures again.
                    await one.SettleAsync(t).ConfigureAwait(false);
                }

                var second = await one.EnsureAsync(t).ConfigureAwait(false);
                Expect.That(first.ObjectId == second.ObjectId, $"Ensured twice, there are {first.ObjectId} and {second.ObjectId}.");
                await OneOwnedAsync(scope, one, kind, t).ConfigureAwait(false);
            }),

            Check("made-at-once-is-one", $"A {kind} ensured by two processes at once with one token is one object.", async (one, scope, t) =>
            {
                var other = Again(one, scope);
                var outcomes = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n => Task.Run(() => (n % 2 == 0 ? one : other).EnsureOutcomeAsync(one.Call, t), t))).ConfigureAwait(false);
                var ids = outcomes.OfType<StepOutcome.Succeeded>().Select(s => s.Observation.ObjectId).Distinct().ToList();
                Expect.That(ids.Count <= 1, $"Ensured at once, there are {string.Join(" and ", ids)}.");
                var last = await one.EnsureAsync(t).ConfigureAwait(false);
                Expect.That(ids.Count == 0 || ids[0] == last.ObjectId, $"Ensured at once there was {ids.FirstOrDefault()}, and afterwards {last.ObjectId}.");
                await OneOwnedAsync(scope, one, kind, t).ConfigureAwait(false);
            }) with
            {
                // Without tokens and unique names no driver can hold that; the engine never sends such an ensure twice.
                IsOffered = p => IsOffered(p) && driver(p)!.Traits.EnsureResolution != UnknownResolution.Read,
                ExcludedBy = static _ => "only looking tells",
            },

            Check("found-after-a-lost-reply", $"A {kind} whose creation was answered to a process that died is found by the next one.", async (one, scope, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                var next = Again(one, scope);
                var found = one.Traits.EnsureResolution == UnknownResolution.Read
                    ? await next.ObserveUntilAsync(one.Call, o => o.ObjectId == made.ObjectId, t).ConfigureAwait(false)
                    : await next.EnsureAsync(t).ConfigureAwait(false);
                Expect.That(found.ObjectId == made.ObjectId, $"Made as {made.ObjectId}, the next process has {found.ObjectId ?? "nothing"}.");
            }),

            Check("foreign-namesake-is-left", $"A {kind} of the same name that belongs to somebody else is refused as Conflict and left as it is.", async (one, _, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                var outcome = await one.EnsureOutcomeAsync(one.As("stranger", 1), t).ConfigureAwait(false);
                if (one.Traits.EnsureResolution == UnknownResolution.UniqueName)
                {
                    Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.Conflict }, $"Ensuring over somebody else's {kind} ended as {outcome}; it should fail as Conflict.");
                }
                else if (outcome is StepOutcome.Succeeded { Observation.ObjectId: var id })
                {
                    Expect.That(id != made.ObjectId, $"A stranger was given somebody else's {kind} {id}.");
                }

                Expect.That((await one.ObserveProvenAsync(one.Call, t).ConfigureAwait(false)).ObjectId == made.ObjectId, $"The first owner's {kind} is gone.");
            }),

            Check("deleted-by-a-stranger-stays", $"A delete by another owner, or of another incarnation, leaves a {kind} as it is.", async (one, _, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                foreach (var call in new[] { one.As("stranger", 1), one.As("rightful", 2) })
                {
                    await one.DeleteOutcomeAsync(call with { ObjectId = made.ObjectId }, t).ConfigureAwait(false);
                    Expect.That(
                        (await one.ObserveProvenAsync(one.Call, t).ConfigureAwait(false)).ObjectId == made.ObjectId,
                        $"The {kind} was deleted by owner {call.Marks.Uid}, incarnation {call.Incarnation}, and belonged to another.");
                }
            }),

            Check("deleted-twice-is-gone", $"A deleted {kind} is gone, deleting it again succeeds, and the next incarnation can be made.", async (one, scope, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                await one.DeleteAsync(made.ObjectId!, t).ConfigureAwait(false);
                await one.DeleteAsync(made.ObjectId!, t).ConfigureAwait(false);
                Expect.That(!(await one.ObserveProvenAsync(one.Call, t).ConfigureAwait(false)).Exists, $"A deleted {kind} was observed.");
                Expect.That((await OwnedAsync(scope, kind, t).ConfigureAwait(false)) is null or 0, $"A deleted {kind} is listed.");
                var next = await one.EnsureOutcomeAsync(one.As("rightful", 2), t).ConfigureAwait(false);
                Expect.That(next is StepOutcome.Succeeded { Observation.Exists: true }, $"The next incarnation of the {kind} ended as {next}.");
            }),

            Check("late-delete-spares-the-next", $"A delete of the first {kind} that arrives after the second was made leaves the second.", async (one, _, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                await one.DeleteAsync(made.ObjectId!, t).ConfigureAwait(false);
                var successor = one.As("rightful", 2);
                await one.EnsureOutcomeAsync(successor, t).ConfigureAwait(false);
                await one.DeleteOutcomeAsync(one.Call with { ObjectId = made.ObjectId }, t).ConfigureAwait(false);
                Expect.That((await one.ObserveProvenAsync(successor, t).ConfigureAwait(false)).Exists, $"A late delete of the first {kind} took the second.");
            }),

            Check("shows-within-its-bound", $"Once its visibility bound has passed, every look and every list sees that a {kind} was made, and that it was deleted.", async (one, scope, t) =>
            {
                var made = await one.EnsureAsync(t).ConfigureAwait(false);
                var byId = one.Call with { ObjectId = made.ObjectId };
                await one.SettleAsync(t).ConfigureAwait(false);
                for (var look = 0; look < Looks; look++)
                {
                    var seen = await one.ObserveAsync(look % 2 == 0 ? byId : one.Call, t).ConfigureAwait(false);
                    Expect.That(seen.ObjectId == made.ObjectId, $"{one.Traits.VisibilityBound.TotalSeconds} s after {made.ObjectId} was made, a look sees {seen.ObjectId ?? "nothing"}.");
                    Expect.That((await OwnedAsync(scope, kind, t).ConfigureAwait(false)) is null or 1, $"{one.Traits.VisibilityBound.TotalSeconds} s after {made.ObjectId} was made, a list does not have it.");
                }

                await one.DeleteAsync(made.ObjectId!, t).ConfigureAwait(false);
                await one.SettleAsync(t).ConfigureAwait(false);
                for (var look = 0; look < Looks; look++)
                {
                    var seen = await one.ObserveAsync(look % 2 == 0 ? byId : one.Call, t).ConfigureAwait(false);
                    Expect.That(!seen.Exists, $"{one.Traits.VisibilityBound.TotalSeconds} s after {made.ObjectId} was deleted, a look sees {seen.ObjectId}.");
                    Expect.That((await OwnedAsync(scope, kind, t).ConfigureAwait(false)) is null or 0, $"{one.Traits.VisibilityBound.TotalSeconds} s after {made.ObjectId} was deleted, a list has it.");
                }
            }),
            .. new SweepChecks<TSpec>(capability, kind, driver, spec, IsOffered).All,
            new SequenceChecks<TSpec>(capability, kind, driver, spec, another).Of(IsOffered),
            .. new OwnershipChecks<TSpec>(capability, kind, driver, spec, another, IsOffered).All,
            .. new HonestyChecks<TSpec>(capability, kind, driver, spec, changed, IsOffered).All,
            FaultChecks.Of(capability, kind, driver, spec, IsOffered),
        ];
        all = [.. all.Select(c => c with { Kind = kind, ExcludedBy = sheet => excludedBy?.Invoke(sheet) ?? c.ExcludedBy(sheet) })];
        return only is null ? all : [.. only.Select(behaviour => all.Single(c => c.Id == $"{capability}/{kind}-{behaviour}"))];
    }

    private static async Task OneOwnedAsync<TSpec>(CheckScope scope, Specimen<TSpec> one, string kind, CancellationToken cancellationToken)
        where TSpec : class
    {
        // A second one may take as long to show as the first.
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        var owned = await OwnedAsync(scope, kind, cancellationToken).ConfigureAwait(false);
        Expect.That(owned is null or 1, $"{owned} {kind}s are listed where one was made.");
    }

    private static async Task<int?> OwnedAsync(CheckScope scope, string kind, CancellationToken cancellationToken) =>
        (await OwnedObjects.OfAsync(scope, kind, cancellationToken).ConfigureAwait(false))?.Count;
}
