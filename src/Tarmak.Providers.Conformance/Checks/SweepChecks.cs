using System.Collections.Immutable;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Sweep;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>
/// Demands on a driver whose engine dies: the engine's own machine keeps an object, dies before and after every call and every
/// commit, and the next process goes on. Whatever the point, the end is the same, and there is exactly one object.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="capability">The capability, by its name in manifests.</param>
/// <param name="kind">The resource kind.</param>
/// <param name="driver">Finds the driver.</param>
/// <param name="spec">What is made.</param>
/// <param name="isOffered">Whether a provider offers the kind.</param>
internal sealed class SweepChecks<TSpec>(
    string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec, Func<IProvider, bool> isOffered)
    where TSpec : class
{
    /// <summary>What is demanded of every kind, also of one that nobody owns.</summary>
    public const string Made = "made-through-every-death-is-one";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    /// <summary>The checks.</summary>
    public ImmutableArray<ConformanceCheck> All =>
    [
        Check(Made, $"A {kind} made by a machine that dies at any point of its making is made once, and is as wished.", MadeAsync),
        Check(
            "replaced-through-every-death-is-one", $"A {kind} that is lost and made again within one generation, by a machine that dies at any point of it, is there once.", ReplacedAsync),
        Check("deleted-through-every-death-is-gone", $"A {kind} deleted by a machine that dies at any point of it is gone.", DeletedAsync),
        Check(
            "made-under-stale-looks-is-one",
            $"A {kind} whose creation was answered to a machine that died is made once, where looks show nothing of it for the whole visibility bound.",
            StaleAsync),
    ];

    private ConformanceCheck Check(string behaviour, string demand, Func<Stage, CancellationToken, Task> run) => new(
        $"{capability}/{kind}-{behaviour}", demand, isOffered,
        async (scope, t) => await run(new Stage(scope, await spec(scope, t).ConfigureAwait(false), driver, kind), t).ConfigureAwait(false))
    {
        Group = CheckGroup.Deaths,
        Deadline = Longest,
    };

    private Task MadeAsync(Stage stage, CancellationToken cancellationToken) => SweepAsync(stage, MakeAsync, cancellationToken);

    private Task StaleAsync(Stage stage, CancellationToken cancellationToken) => ToldAsync(
        "whose looks are late and which dies before it hears that it was made",
        () => MakeAsync(stage.LifeOf("stale", isStale: true), new DeathPoints(static (_, where) => where.StartsWith("after Ensure", StringComparison.Ordinal)), cancellationToken));

    private Task ReplacedAsync(Stage stage, CancellationToken cancellationToken) => SweepAsync(
        stage,
        async (life, deaths, t) =>
        {
            var first = await life.Machine.MakeAsync(DeathPoints.None, t).ConfigureAwait(false);
            await life.One.DeleteAsync(first.Resource!.Object!.ObjectId, t).ConfigureAwait(false);
            await life.One.SettleAsync(t).ConfigureAwait(false);
            var second = await life.Machine.ReplaceAsync(deaths, t).ConfigureAwait(false);
            await ThereAsync(life, second, t).ConfigureAwait(false);
            await RemoveAsync(life, second, t).ConfigureAwait(false);
        },
        cancellationToken);

    private Task DeletedAsync(Stage stage, CancellationToken cancellationToken) => SweepAsync(
        stage,
        async (life, deaths, t) =>
        {
            await life.Machine.MakeAsync(DeathPoints.None, t).ConfigureAwait(false);
            await life.Machine.DeleteAsync(deaths, t).ConfigureAwait(false);
            await GoneAsync(life, t).ConfigureAwait(false);
        },
        cancellationToken);

    private async Task MakeAsync(Life life, DeathPoints deaths, CancellationToken cancellationToken)
    {
        var made = await life.Machine.MakeAsync(deaths, cancellationToken).ConfigureAwait(false);
        await ThereAsync(life, made, cancellationToken).ConfigureAwait(false);
        await RemoveAsync(life, made, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lives once without a death, and then once for each point that life had.</summary>
    private static async Task SweepAsync(Stage stage, Func<Life, DeathPoints, CancellationToken, Task> live, CancellationToken cancellationToken)
    {
        var undisturbed = DeathPoints.None;
        await ToldAsync("without a death", () => live(stage.LifeOf("alive"), undisturbed, cancellationToken)).ConfigureAwait(false);
        foreach (var (index, where) in stage.Scope.Thin([.. undisturbed.Passed.Index()]))
        {
            await ToldAsync(
                $"dying {where} (point {index + 1} of {undisturbed.Passed.Count})",
                () => live(stage.LifeOf($"d{index}"), new DeathPoints((point, _) => point == index), cancellationToken)).ConfigureAwait(false);
        }
    }

    private static async Task ToldAsync(string when, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (CheckFailedException failed)
        {
            throw new CheckFailedException($"By a machine {when}: {failed.Message}");
        }
    }

    private static async Task ThereAsync(Life life, MachineState state, CancellationToken cancellationToken)
    {
        var (ledger, recorded) = (state.Resource!, state.Resource!.Object!);
        var told = life.Machine.Made.Where(m => m.Incarnation == ledger.Incarnation).Select(m => m.ObjectId).Distinct(StringComparer.Ordinal).ToList();
        Expect.That(told.Count <= 1, $"Of incarnation {ledger.Incarnation} there are {string.Join(" and ", told)}.");
        for (var incarnation = 1; incarnation <= ledger.Incarnation; incarnation++)
        {
            var seen = await life.Again().ObserveProvenAsync(life.One.As(Specimen<TSpec>.Rightful, incarnation), cancellationToken).ConfigureAwait(false);
            if (incarnation < ledger.Incarnation)
            {
                Expect.That(!seen.Exists, $"Incarnation {incarnation} was replaced and is there still, as {seen.ObjectId}.");
                continue;
            }

            Expect.That(seen.ObjectId == recorded.ObjectId, $"The machine has {recorded.ObjectId}, and {seen.ObjectId ?? "nothing"} is there.");
            Expect.That(seen.InSync, $"What the machine keeps is out of sync: {seen.Detail}");
            Expect.That(seen.Outputs == state.Outputs, $"The machine has outputs {state.Outputs}, and {seen.Outputs} are so.");
        }

        await OwnedAsync(life, 1, cancellationToken).ConfigureAwait(false);
    }

    private static async Task RemoveAsync(Life life, MachineState state, CancellationToken cancellationToken)
    {
        await life.One.DeleteOutcomeAsync(life.One.As(Specimen<TSpec>.Rightful, state.Resource!.Incarnation) with { ObjectId = state.Resource.Object!.ObjectId }, cancellationToken).ConfigureAwait(false);
        await life.One.SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task GoneAsync(Life life, CancellationToken cancellationToken)
    {
        for (var incarnation = 1; incarnation <= life.Machine.State.Resource!.Incarnation; incarnation++)
        {
            var seen = await life.Again().ObserveProvenAsync(life.One.As(Specimen<TSpec>.Rightful, incarnation), cancellationToken).ConfigureAwait(false);
            Expect.That(!seen.Exists, $"The machine is told to be gone, and incarnation {incarnation} is there, as {seen.ObjectId}.");
        }

        await OwnedAsync(life, 0, cancellationToken).ConfigureAwait(false);
    }

    private static async Task OwnedAsync(Life life, int expected, CancellationToken cancellationToken)
    {
        if (await OwnedObjects.OfAsync(life.Scope, life.Kind, cancellationToken).ConfigureAwait(false) is not { } listed)
        {
            return;
        }

        var owned = listed.Where(o => o.Marks.Uid == life.One.Call.Marks.Uid).Select(o => o.ObjectId).ToList();
        Expect.That(owned.Count == expected, $"{expected} should be listed, and {(owned.Count == 0 ? "nothing" : string.Join(" and ", owned))} is.");
    }

    /// <summary>One life of an object.</summary>
    private sealed record Life(CheckScope Scope, string Kind, Specimen<TSpec> One, Func<Specimen<TSpec>> Again, KitMachine<TSpec> Machine);

    /// <summary>Where lives take place, one after the other, each of an object of its own.</summary>
    private sealed record Stage(CheckScope Scope, TSpec Spec, Func<IProvider, IResourceDriver<TSpec>?> Driver, string Kind)
    {
        public Life LifeOf(string part, bool isStale = false)
        {
            var one = new Specimen<TSpec>(Scope, Driver(Scope.Provider)!, Kind, Spec, part);
            Specimen<TSpec> Again() => one.At(Driver(Scope.Open())!);
            var looks = isStale ? new StaleLooks(Scope.Time, one.Traits.VisibilityBound) : null;
            return new Life(Scope, Kind, one, Again, new KitMachine<TSpec>(Scope.Time, one, Again, Kind, Spec) { Looks = looks });
        }
    }
}
