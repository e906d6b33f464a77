using System.Globalization;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Sequences;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>
/// Steps in an order nobody thought of: random sequences on several objects, with deaths between, held against a model. One that
/// fails is made as small as it can be, and told with the seed it comes of.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
/// <param name="capability">The capability, by its name in manifests.</param>
/// <param name="kind">The resource kind.</param>
/// <param name="driver">Finds the driver.</param>
/// <param name="spec">What is made.</param>
/// <param name="another">What the n-th object beside it is; null: there is one.</param>
internal sealed class SequenceChecks<TSpec>(
    string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec, Func<TSpec, int, TSpec>? another)
    where TSpec : class
{
    private const int Sequences = 5;
    private const int Steps = 24;
    private const int StepsOfAShare = 8;
    private const int Objects = 3;
    private const int Tries = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    // What makes and removes comes more often: without it the rest has nothing to be about.
    private static readonly OperationKind[] s_kinds =
    [
        .. Enum.GetValues<OperationKind>(), OperationKind.Ensure, OperationKind.Ensure, OperationKind.Delete, OperationKind.List,
    ];

    /// <summary>The check.</summary>
    /// <param name="isOffered">Whether a provider offers the kind.</param>
    public ConformanceCheck Of(Func<IProvider, bool> isOffered) => new(
        $"{capability}/{kind}-any-sequence-ends-as-it-must",
        $"{(another is null ? $"A {kind}" : $"Several {kind}s")} made, looked at, deleted and listed in random order, by processes that die between, {(another is null ? "is" : "are")} what a model says.",
        isOffered, RunAsync)
    {
        Group = CheckGroup.Sequences,
        Deadline = Longest,
    };

    private async Task RunAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var first = await spec(scope, cancellationToken).ConfigureAwait(false);
        TSpec[] specs = another is null ? [first] : [first, .. Enumerable.Range(1, Objects - 1).Select(n => another(first, n))];
        var runs = 0;
        foreach (var number in scope.Thin([.. Enumerable.Range(0, Sequences)]))
        {
            var operations = Draw(new Random(unchecked((scope.Seed * 31) + number)), scope.Share > 1 ? StepsOfAShare : Steps, specs.Length);
            Task<string?> FailureAsync(IReadOnlyList<Operation> some) => FailureOfAsync(scope, $"r{++runs}", specs, some, cancellationToken);
            if (await FailureAsync(operations).ConfigureAwait(false) is { } failure)
            {
                var (smallest, message) = await Shrinking.RunAsync(operations, failure, FailureAsync, Tries).ConfigureAwait(false);
                throw new CheckFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"Of seed {scope.Seed}, the sequence [{string.Join(", ", smallest)}] fails at {message}"));
            }
        }
    }

    private static Operation[] Draw(Random random, int steps, int objects) =>
        [.. Enumerable.Range(0, steps).Select(_ => new Operation(s_kinds[random.Next(s_kinds.Length)], random.Next(objects)))];

    private async Task<string?> FailureOfAsync(CheckScope scope, string part, TSpec[] specs, IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        await using var own = scope.Part(part);
        try
        {
            await new SequenceRun<TSpec>(own, kind, p => driver(p)!, specs).RunAsync(operations, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever a driver throws is what the sequence has to be made small for.
            return failed is CheckFailedException ? failed.Message : $"a step that threw {failed.GetType().Name}: {failed.Message}";
        }
        finally
        {
            while (own.NextToUndo() is { } undo)
            {
                await LeftAsync(scope, undo, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // What cannot be removed now is tried once more when the check is over, and then told.
    private static async Task LeftAsync(CheckScope scope, Func<CancellationToken, Task> undo, CancellationToken cancellationToken)
    {
        try
        {
            await undo(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            scope.Afterwards(undo);
        }
    }
}
