using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands on what a plan is made of: what a look calls known, and what a driver says a change means, is so afterwards.</summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="capability">The capability, by its name in manifests.</param>
/// <param name="kind">The resource kind.</param>
/// <param name="driver">Finds the driver.</param>
/// <param name="spec">What is made.</param>
/// <param name="changed">Another specification of the same object; null: there is none.</param>
/// <param name="isOffered">Whether a provider offers the kind.</param>
internal sealed class HonestyChecks<TSpec>(
    string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec, Func<TSpec, TSpec>? changed,
    Func<IProvider, bool> isOffered)
    where TSpec : class
{
    /// <summary>The checks.</summary>
    public ImmutableArray<ConformanceCheck> All =>
    [
        Check("what-a-look-tells-holds-after-ensure", $"A {kind} that a look calls in sync has the same id and outputs after it is ensured again.", KnownAsync),
        Check("change-is-what-the-driver-says", $"A changed specification of a {kind} means what its driver says: nothing to do, the same object brought to it, or another object.", ChangeAsync) with
        {
            IsOffered = p => isOffered(p) && changed is not null,
            ExcludedBy = static _ => "nothing of it can be changed",
        },
    ];

    private ConformanceCheck Check(string behaviour, string demand, Func<Specimen<TSpec>, TSpec, CheckScope, CancellationToken, Task> run) => new(
        $"{capability}/{kind}-{behaviour}", demand, isOffered,
        async (scope, t) =>
        {
            var wanted = await spec(scope, t).ConfigureAwait(false);
            await run(new Specimen<TSpec>(scope, driver(scope.Provider)!, kind, wanted), wanted, scope, t).ConfigureAwait(false);
        })
    {
        Group = CheckGroup.Plans,
    };

    private static async Task KnownAsync(Specimen<TSpec> one, TSpec wanted, CheckScope scope, CancellationToken cancellationToken)
    {
        var text = ResourceJson.Write(wanted);
        Expect.That(one.Traits.Compare(text, text) == ChangeEffect.None, $"Compared with itself a specification means {one.Traits.Compare(text, text)}.");
        var made = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var known = await one.ObserveUntilAsync(one.Call with { ObjectId = made.ObjectId }, static o => o.InSync, cancellationToken).ConfigureAwait(false);
        Expect.That(known.InSync, $"What was just made is told to be out of sync: {known.Detail}");
        var ensured = await one.EnsureOutcomeAsync(one.Call with { ObjectId = known.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(
            ensured is StepOutcome.Succeeded { Observation: var kept } && kept.ObjectId == known.ObjectId && kept.Outputs == known.Outputs,
            $"A look told {known}, and ensuring it ended as {ensured}.");
        var seen = await one.ObserveProvenAsync(one.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(seen == known, $"A look told {known}, and after an ensure {seen}.");
    }

    private async Task ChangeAsync(Specimen<TSpec> one, TSpec wanted, CheckScope scope, CancellationToken cancellationToken)
    {
        var made = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var other = changed!(wanted);
        var next = one.With(other);
        var effect = one.Traits.Compare(ResourceJson.Write(wanted), ResourceJson.Write(other));
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        var call = one.Call with { ObjectId = made.ObjectId };
        switch (effect)
        {
            case ChangeEffect.None:
                var same = await next.ObserveAsync(call, cancellationToken).ConfigureAwait(false);
                Expect.That(same.InSync, $"The change means nothing, and a look tells: {same.Detail}");
                break;
            case ChangeEffect.Update:
                var ensured = await next.EnsureOutcomeAsync(call, cancellationToken).ConfigureAwait(false);
                Expect.That(ensured is StepOutcome.Succeeded { Observation: var updated } && updated.ObjectId == made.ObjectId, $"The change is made in place, and ensuring it on {made.ObjectId} ended as {ensured}.");
                var seen = await next.ObserveUntilAsync(call, static o => o.InSync, cancellationToken).ConfigureAwait(false);
                Expect.That(seen.ObjectId == made.ObjectId && seen.InSync, $"The change was made in place, and a look tells {seen}.");
                break;
            default:
                // Another object: the engine deletes this one, and makes the next incarnation of the other specification.
                await one.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
                await one.SettleAsync(cancellationToken).ConfigureAwait(false);
                var replaced = await next.EnsureOutcomeAsync(one.As(Specimen<TSpec>.Rightful, 2), cancellationToken).ConfigureAwait(false);
                Expect.That(replaced is StepOutcome.Succeeded { Observation: { Exists: true, InSync: true } }, $"The change means another object, and making it ended as {replaced}.");
                break;
        }
    }
}
