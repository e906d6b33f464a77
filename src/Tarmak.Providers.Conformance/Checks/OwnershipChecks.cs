using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>
/// Demands on whose an object is: what nobody recorded is found by its marks, whether a cloud has tags or a record beside each
/// object says it; two environments and two installations in one account do not touch each other's; looking takes nothing over.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="capability">The capability, by its name in manifests.</param>
/// <param name="kind">The resource kind.</param>
/// <param name="driver">Finds the driver.</param>
/// <param name="spec">What is made.</param>
/// <param name="another">What the n-th object beside it is; null: there is one.</param>
/// <param name="isOffered">Whether a provider offers the kind.</param>
internal sealed class OwnershipChecks<TSpec>(
    string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec, Func<TSpec, int, TSpec>? another,
    Func<IProvider, bool> isOffered)
    where TSpec : class
{
    /// <summary>What is demanded of every kind, also of one that nobody owns.</summary>
    public const string Adopted = "looked-at-by-an-empty-engine-is-as-it-was";

    private const int Looks = 3;

    /// <summary>The checks.</summary>
    public ImmutableArray<ConformanceCheck> All =>
    [
        Check("orphan-is-listed-with-its-marks", $"A {kind} that nobody recorded is listed once, with the marks of whom it was made for.", OrphanAsync) with
        {
            IsOffered = p => isOffered(p) && IsListed(p),
            ExcludedBy = static _ => "it is not listed, but looked at one by one",
        },
        Check(
            "of-two-environments-are-apart", $"Two {kind}s of two environments in one place are each listed for their own, and deleting one leaves the other.", EnvironmentsAsync) with
        {
            IsOffered = p => isOffered(p) && another is not null,
            ExcludedBy = static _ => "a place has one",
        },
        Check(
            "of-two-installations-are-apart", $"Two installations with a {kind} each in one account neither list nor see nor delete the other's.", InstallationsAsync) with
        {
            IsOffered = p => isOffered(p) && another is not null,
            ExcludedBy = static _ => "a place has one",
            NeedsAnotherInstallation = true,
        },
        Check(Adopted, $"Looking at a {kind}, listing and verifying, by a process that recorded nothing, tells its id and outputs and changes nothing.", AdoptedAsync),
    ];

    private static bool IsListed(string of, IProvider provider) => provider.Watch?.ListedKinds.Contains(of) == true;

    private bool IsListed(IProvider provider) => IsListed(kind, provider);

    private ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, TSpec, CancellationToken, Task> run) => new(
        $"{capability}/{kind}-{behaviour}", demand, isOffered, async (scope, t) => await run(scope, await spec(scope, t).ConfigureAwait(false), t).ConfigureAwait(false))
    {
        Group = CheckGroup.Ownership,
    };

    private Specimen<TSpec> Of(CheckScope scope, TSpec wanted, string? part = null) => new(scope, driver(scope.Provider)!, kind, wanted, part);

    private async Task OrphanAsync(CheckScope scope, TSpec wanted, CancellationToken cancellationToken)
    {
        var one = Of(scope, wanted);
        var made = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        var listed = await scope.Open().Watch!.ListOwnedAsync(cancellationToken).ConfigureAwait(false);
        var found = listed.Where(o => o.ObjectId == made.ObjectId && o.Kind == kind).ToList();
        Expect.That(found.Count == 1, $"{made.ObjectId} was made, and is listed {found.Count} times.");
        Expect.That(found[0].Marks == one.Call.Marks, $"It was made for {one.Call.Marks}, and is listed with {found[0].Marks}.");

        // What a list tells is enough to remove it.
        await one.DeleteAsync(found[0].ObjectId, cancellationToken).ConfigureAwait(false);
        Expect.That(!(await one.ObserveProvenAsync(one.Call, cancellationToken).ConfigureAwait(false)).Exists, "Deleted by the id in the list, it is still there.");
    }

    private async Task EnvironmentsAsync(CheckScope scope, TSpec wanted, CancellationToken cancellationToken)
    {
        var first = Of(scope, wanted, "first");
        var second = new Specimen<TSpec>(scope, driver(scope.Provider)!, kind, another!(wanted, 1), "second") { Environment = "conformance-second" };
        var (ofFirst, ofSecond) = (await first.EnsureAsync(cancellationToken).ConfigureAwait(false), await second.EnsureAsync(cancellationToken).ConfigureAwait(false));
        Expect.That(ofFirst.ObjectId != ofSecond.ObjectId, $"Both environments have {ofFirst.ObjectId}.");
        await first.SettleAsync(cancellationToken).ConfigureAwait(false);
        await second.SettleAsync(cancellationToken).ConfigureAwait(false);
        if (await OwnedObjects.OfAsync(scope, kind, cancellationToken).ConfigureAwait(false) is { } listed)
        {
            foreach (var (one, id) in new[] { (first, ofFirst.ObjectId), (second, ofSecond.ObjectId) })
            {
                var environment = listed.SingleOrDefault(o => o.ObjectId == id)?.Marks.Environment;
                Expect.That(environment == one.Call.Marks.Environment, $"{id} is of environment {one.Call.Marks.Environment}, and is listed of {environment ?? "none"}.");
            }
        }

        await first.DeleteAsync(ofFirst.ObjectId!, cancellationToken).ConfigureAwait(false);
        var left = await second.ObserveProvenAsync(second.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(left.ObjectId == ofSecond.ObjectId && left.InSync, $"One environment's was deleted, and the other's {ofSecond.ObjectId} is observed as {left}.");
    }

    private async Task InstallationsAsync(CheckScope scope, TSpec wanted, CancellationToken cancellationToken)
    {
        var (name, provider) = scope.OpenAsAnother();
        var ours = Of(scope, wanted, "ours");
        var theirs = new Specimen<TSpec>(scope, driver(provider)!, kind, another!(wanted, 1), "theirs") { Installation = name };
        var our = await ours.EnsureAsync(cancellationToken).ConfigureAwait(false);

        // What stands on a place of ours may be out of another installation's reach altogether.
        var isOutOfReach = scope.Place?.Scope is not null
            && await theirs.EnsureOutcomeAsync(theirs.Call, cancellationToken).ConfigureAwait(false) is StepOutcome.Failed { Error: ErrorClass.DependencyMissing };
        var their = isOutOfReach ? null : await theirs.EnsureAsync(cancellationToken).ConfigureAwait(false);
        Expect.That(our.ObjectId != their?.ObjectId, $"Both installations have {our.ObjectId}.");
        await ours.SettleAsync(cancellationToken).ConfigureAwait(false);
        await theirs.SettleAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (opened, own, foreign) in new[] { (scope.Provider, our.ObjectId, their?.ObjectId), (provider, their?.ObjectId, our.ObjectId) })
        {
            if (IsListed(opened))
            {
                var ids = (await opened.Watch!.ListOwnedAsync(cancellationToken).ConfigureAwait(false)).Where(o => o.Kind == kind).Select(o => o.ObjectId).ToList();
                Expect.That(own is null || ids.Contains(own), $"{own} is not listed for the installation it was made for.");
                Expect.That(foreign is null || !ids.Contains(foreign), $"{foreign} is another installation's, and is listed.");
            }
        }

        // The other one's delete names our object, by its id and by its name.
        var trespass = theirs.Call with { Name = ours.Call.Name, ObjectId = our.ObjectId };
        await ours.At(driver(provider)!).DeleteOutcomeAsync(trespass, cancellationToken).ConfigureAwait(false);
        var left = await ours.ObserveProvenAsync(ours.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(left.ObjectId == our.ObjectId, $"Another installation deleted {our.ObjectId}.");
    }

    private async Task AdoptedAsync(CheckScope scope, TSpec wanted, CancellationToken cancellationToken)
    {
        var one = Of(scope, wanted);
        var made = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        var before = await IdsAsync(scope, cancellationToken).ConfigureAwait(false);
        var empty = scope.Open();
        for (var look = 0; look < Looks; look++)
        {
            foreach (var call in new[] { one.Call, one.Call with { ObjectId = made.ObjectId } })
            {
                var seen = await one.At(driver(empty)!).ObserveAsync(call, cancellationToken).ConfigureAwait(false);
                Expect.That(seen.ObjectId == made.ObjectId && seen.InSync, $"Look {look + 1} at {made.ObjectId} tells {seen}.");
                Expect.That(seen.Outputs == made.Outputs, $"Look {look + 1} at {made.ObjectId} tells outputs {seen.Outputs}, and it was made with {made.Outputs}.");
            }

            await empty.VerifyAsync(cancellationToken).ConfigureAwait(false);
        }

        var after = await IdsAsync(scope, cancellationToken).ConfigureAwait(false);
        Expect.That(before == after, $"There were {before} before it was looked at, and {after} after.");
        if (one.Traits.EnsureResolution == UnknownResolution.UniqueName && !one.Traits.Shared)
        {
            var still = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
            Expect.That(still.ObjectId == made.ObjectId && still.Outputs == made.Outputs, $"It was {made}, and after it was looked at its owner has {still}.");
        }
    }

    private async Task<string> IdsAsync(CheckScope scope, CancellationToken cancellationToken) =>
        string.Join(", ", (await OwnedObjects.OfAsync(scope, kind, cancellationToken).ConfigureAwait(false) ?? []).Select(o => o.ObjectId).Order(StringComparer.Ordinal));
}
