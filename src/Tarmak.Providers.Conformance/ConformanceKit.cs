using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tarmak.Providers.Conformance.Checks;

namespace Tarmak.Providers.Conformance;

/// <summary>
/// The checks a provider must pass. They run one after another, each on names of its own, against the account the provider
/// is bound to, and leave nothing there.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class ConformanceKit(TimeProvider time)
{
    /// <summary>Time one check may take. The first that needs a machine image may have to build one. A driver that hangs fails; it does not stop the others.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Part of all names a run uses, of <c>[a-z0-9-]</c>; another for each run that may meet this one in an account.</summary>
    public string Run { get; init; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>
    /// Of what is tried again and again (deaths, sequences), every how-many-th is tried. One is all; more is for accounts where
    /// each call takes real time, and the runs between two whole ones.
    /// </summary>
    public int Share { get; init; } = 1;

    /// <summary>What random sequences come of; the same seed gives the same ones.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>All checks.</summary>
    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. SheetChecks.All, .. SecretStoreChecks.All, .. ObjectStorageChecks.All, .. BucketChecks.All, .. VolumeChecks.All, .. NetworkChecks.All, .. MachineImageChecks.All,
        .. ComputeChecks.All, .. LoadBalancingChecks.All, .. InstanceMetadataChecks.All, .. FirewallChecks.All, .. PeeringChecks.All, .. AccessIdentityChecks.All, .. RegistryChecks.All, .. DnsChecks.All, .. FaultChecks.OfStores, .. OverrideChecks.All,
    ];

    private static readonly ImmutableDictionary<string, int> s_places = All.Index().ToImmutableDictionary(c => c.Item.Id, c => c.Index, StringComparer.Ordinal);

    /// <summary>Runs checks.</summary>
    /// <param name="subject">The provider.</param>
    /// <param name="checks">Which checks.</param>
    /// <param name="cancellationToken">Ends the run between two checks, once what the last one made is undone.</param>
    /// <returns>What was found.</returns>
    public async Task<ConformanceReport> RunAsync(
        ConformanceSubject subject, IEnumerable<ConformanceCheck> checks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var results = ImmutableArray.CreateBuilder<CheckResult>();
        await foreach (var result in StreamAsync(subject, checks, cancellationToken).ConfigureAwait(false))
        {
            results.Add(result);
        }

        return new ConformanceReport(subject.Name, results.ToImmutable()) { Seed = Seed };
    }

    /// <summary>Runs checks and tells each result as it comes.</summary>
    /// <param name="subject">The provider.</param>
    /// <param name="checks">Which checks.</param>
    /// <param name="cancellationToken">Ends the run between two checks, once what the last one made is undone.</param>
    /// <returns>A result for each check, in their order.</returns>
    public async IAsyncEnumerable<CheckResult> StreamAsync(
        ConformanceSubject subject, IEnumerable<ConformanceCheck> checks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(checks);
        await using var place = new KitPlace(subject, $"conformance-{Run}-place", time);
        try
        {
            foreach (var (index, check) in checks.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var begun = time.GetTimestamp();
                await using var scope = new CheckScope(subject, $"conformance-{Run}-{index + 1}", time, place) { Share = Share, Offset = OffsetOf(check, index), Seed = Seed };
                var (outcome, message) = NotRun(check, subject, scope) ?? await RunAsync(check, scope, cancellationToken).ConfigureAwait(false);
                yield return new CheckResult(check, outcome, message, time.GetElapsedTime(begun));
            }

            if (place.Scope is { } stood)
            {
                var begun = time.GetTimestamp();
                var left = await UndoAsync(stood).ConfigureAwait(false);
                yield return new CheckResult(KitPlace.Removed, left is null ? CheckOutcome.Passed : CheckOutcome.Failed, left ?? "", time.GetElapsedTime(begun));
            }
        }
        finally
        {
            // A run that is ended in the middle leaves nothing either; after a whole one nothing is left to undo.
            if (place.Scope is { } made)
            {
                await UndoAsync(made).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Where thinning begins: what is left out of a check does not depend on which others run beside it.</summary>
    private static int OffsetOf(ConformanceCheck check, int index) => s_places.GetValueOrDefault(check.Id, index);

    /// <summary>Why a check is not run, and what that says of the provider; null: it is run.</summary>
    private static (CheckOutcome Outcome, string Message)? NotRun(ConformanceCheck check, ConformanceSubject subject, CheckScope scope)
    {
        var provider = scope.Provider;
        if (check.NeedsFaultsOf is { } of && subject.Faults?.Cases.Any(c => c.Meets(of)) != true)
        {
            return (CheckOutcome.NotOffered, "No faults of it can be provoked on purpose here.");
        }

        if (check.NeedsAnotherInstallation && subject.OpenAs is null)
        {
            return (CheckOutcome.NotOffered, "It cannot be opened for another installation here.");
        }

        if (check.ExcludedBetween is { } excludes)
        {
            return scope.Other is not { } other ? (CheckOutcome.NotOffered, "There is no other provider here that it could be taken from.")
                : excludes(provider.Sheet, other.Provider.Sheet) is { } sentence ? (CheckOutcome.NotOffered, sentence)
                : check.IsOffered(other.Provider) ? null
                : (CheckOutcome.Failed, $"The sheets let {check.Capability} be taken from the other provider, and it could not be checked.");
        }

        if (check.IsOffered(provider))
        {
            return null;
        }

        var capability = provider.Sheet.Find(check.Capability);
        return capability is null || (check.Kind is { } kind && capability.Objects.All(o => o.Kind != kind)) ? (CheckOutcome.NotOffered, "")
            : check.ExcludedBy(provider.Sheet) is { } reason ? (CheckOutcome.NotOffered, $"By its sheet: {reason}.")
            : (CheckOutcome.Failed, $"The sheet offers {check.Capability}, and it could not be checked.");
    }

    private async Task<(CheckOutcome Outcome, string Message)> RunAsync(ConformanceCheck check, CheckScope scope, CancellationToken cancellationToken)
    {
        string? failure, left = null;
        try
        {
            failure = await FailureAsync(check.RunAsync, scope, check.Deadline > Deadline ? check.Deadline.Value : Deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            left = await UndoAsync(scope).ConfigureAwait(false);
        }

        return (failure, left) switch
        {
            (null, null) => (CheckOutcome.Passed, ""),
            (null, _) => (CheckOutcome.Failed, $"What the check made could not be removed: {left}"),
            _ => (CheckOutcome.Failed, failure),
        };
    }

    /// <summary>What was made goes also where the run is ended, and the rest of it where one thing cannot be removed.</summary>
    private async Task<string?> UndoAsync(CheckScope scope)
    {
        string? left = null;
        while (scope.NextToUndo() is { } undo)
        {
            left = await FailureAsync((_, t) => undo(t), scope, Deadline, CancellationToken.None).ConfigureAwait(false) ?? left;
        }

        return left;
    }

    private async Task<string?> FailureAsync(
        Func<CheckScope, CancellationToken, Task> work, CheckScope scope, TimeSpan within, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // A driver that does not listen to its token is left behind.
            await work(scope, deadline.Token).WaitAsync(within, time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            await deadline.CancelAsync().ConfigureAwait(false);
            return $"It did not end within {within.TotalSeconds:0} s.";
        }
        catch (CheckFailedException failed)
        {
            return failed.Message;
        }
        catch (ProviderException refused)
        {
            return $"The provider refused with {refused.Error}: {refused.Message}";
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A driver may throw anything; that it threw something unforeseen is the finding.
            return $"It threw {bug.GetType().Name}: {bug.Message}";
        }
    }
}
