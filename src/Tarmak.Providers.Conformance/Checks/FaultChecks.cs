using System.Collections.Immutable;
using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Faults;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>
/// Demands on what becomes of faults: each comes back as the class of the contract's table, a call that failed did nothing, one
/// that nobody knows of is told as such, and no message holds a secret. They need a subject that can provoke faults.
/// </summary>
internal static class FaultChecks
{
    private const string Planted = "planted-value-of-a-secret";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    /// <summary>The checks of the stores and of what a provider tells of itself.</summary>
    public static ImmutableArray<ConformanceCheck> OfStores { get; } =
    [
        Check(CapabilityNames.SecretStore, "secretStore/faults-come-back-as-their-class", "A secret store tells each fault as the class of the contract's table, without the value that was to be kept.", static p => p.SecretStore is not null, SecretsAsync),
        Check(CapabilityNames.ObjectStorage, "objectStorage/faults-come-back-as-their-class", "Object storage tells each fault as the class of the contract's table.", static p => p.ObjectStorage is not null, ObjectsAsync),
    ];

    /// <summary>The check of one kind.</summary>
    public static ConformanceCheck Of<TSpec>(
        string capability, string kind, Func<IProvider, IResourceDriver<TSpec>?> driver, Func<CheckScope, CancellationToken, Task<TSpec>> spec, Func<IProvider, bool> isOffered)
        where TSpec : class => Check(
            kind,
            $"{capability}/{kind}-faults-come-back-as-their-class",
            $"Each fault a step of a {kind} meets is told as the class of the contract's table; what failed did nothing, and a sound process ends what was begun.",
            isOffered,
            async (scope, t) =>
            {
                var wanted = await spec(scope, t).ConfigureAwait(false);
                foreach (var (number, fault) in scope.Thin([.. scope.Faults!.Cases.Where(c => c.Meets(kind)).Index()]))
                {
                    var one = new Specimen<TSpec>(scope, driver(scope.Provider)!, kind, wanted, $"f{number}");
                    await ToldAsync(fault, () => MeetAsync(scope, one, driver, fault, t)).ConfigureAwait(false);
                }
            });

    private static ConformanceCheck Check(string of, string id, string demand, Func<IProvider, bool> isOffered, Func<CheckScope, CancellationToken, Task> run) =>
        new(id, demand, isOffered, run) { Group = CheckGroup.Faults, NeedsFaultsOf = of, Deadline = Longest };

    private static async Task MeetAsync<TSpec>(
        CheckScope scope, Specimen<TSpec> one, Func<IProvider, IResourceDriver<TSpec>?> driver, FaultCase fault, CancellationToken cancellationToken)
        where TSpec : class
    {
        // Nobody's and everybody's: it may be there before, and stays.
        var isShared = one.Traits.Shared;
        one.LeaveAfterwards(one.Call);
        StepOutcome outcome;
        await using (var faulty = await scope.Faults!.OpenAsync(fault, cancellationToken).ConfigureAwait(false))
        {
            outcome = await one.At(driver(faulty.Provider)!).OnceAsync(StepKind.Ensure, one.Call, cancellationToken).ConfigureAwait(false);
            await RequirementsAsync(faulty.Provider, fault, cancellationToken).ConfigureAwait(false);
        }

        Judge(fault, StepKind.Ensure, outcome);
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        if (outcome is StepOutcome.Failed && !isShared && await OwnedObjects.OfAsync(scope, one.Traits.Kind, cancellationToken).ConfigureAwait(false) is { } listed)
        {
            Expect.That(listed.All(o => o.Marks.Uid != one.Call.Marks.Uid), $"Ensuring failed as {((StepOutcome.Failed)outcome).Error}, and the object is listed.");
        }

        var there = one.Traits.EnsureResolution == UnknownResolution.Read ? await one.ObserveProvenAsync(one.Call, cancellationToken).ConfigureAwait(false) : Observation.Absent;
        var made = there is { Exists: true, InSync: true } ? there : await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await using (var faulty = await scope.Faults.OpenAsync(fault, cancellationToken).ConfigureAwait(false))
        {
            var known = one.Call with { ObjectId = made.ObjectId };
            var ill = one.At(driver(faulty.Provider)!);
            Judge(fault, StepKind.Observe, await ill.OnceAsync(StepKind.Observe, known, cancellationToken).ConfigureAwait(false));
            outcome = isShared ? new StepOutcome.Unknown("") : await ill.OnceAsync(StepKind.Delete, known, cancellationToken).ConfigureAwait(false);
        }

        if (isShared)
        {
            return;
        }

        Judge(fault, StepKind.Delete, outcome);
        if (outcome is StepOutcome.Failed)
        {
            Expect.That((await one.ObserveProvenAsync(one.Call, cancellationToken).ConfigureAwait(false)).ObjectId == made.ObjectId, $"Deleting failed as {((StepOutcome.Failed)outcome).Error}, and the object is gone.");
        }

        await one.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        Expect.That(!(await one.ObserveProvenAsync(one.Call, cancellationToken).ConfigureAwait(false)).Exists, "Deleted by a sound process afterwards, it is still there.");
    }

    /// <summary>Holds an outcome against the table.</summary>
    private static void Judge(FaultCase fault, StepKind step, StepOutcome outcome)
    {
        var message = outcome switch
        {
            StepOutcome.Failed failed => failed.Message,
            StepOutcome.Unknown unknown => unknown.Reason,
            _ => null,
        };
        var isRight = (fault.Error, outcome) switch
        {
            // What has no effect is over when no answer came; what never reached the cloud had none.
            (null, StepOutcome.Unknown or StepOutcome.Failed { Error: ErrorClass.Transient }) => true,
            (null, StepOutcome.Succeeded) => step == StepKind.Observe,
            (_, StepOutcome.Succeeded { Observation.Exists: true }) when fault.OnlyChanges => step == StepKind.Observe,

            // To be gone is what a delete is for, and an observation tells it.
            (ErrorClass.NotFound, StepOutcome.Succeeded { Observation.Exists: false }) => step != StepKind.Ensure,
            ({ } error, StepOutcome.Failed failed) => failed.Error == error,
            _ => false,
        };
        Expect.That(isRight, $"{step} ended as {outcome}; it should {(fault.Error is { } wanted ? $"fail as {wanted}" : "be unknown")}.");
        Expect.That(message is null or { Length: > 0 }, $"{step} ended without a word of what is wrong.");
        Speechless(fault, message);
    }

    private static void Judge(FaultCase fault, string what, ProviderException? refused)
    {
        Expect.That(refused is not null, $"{what} was accepted.");
        Expect.That(refused.Error == (fault.Error ?? ErrorClass.Transient), $"{what} was refused as {refused.Error}: {refused.Message}");
        Expect.That(refused.Message.Length > 0, $"{what} was refused without a word of what is wrong.");
        Speechless(fault, refused.ToString());
    }

    // Where only answers to changes are lost, a read is answered.
    private static void JudgeRead(FaultCase fault, string what, ProviderException? refused)
    {
        if (refused is not null || (fault.Error is not null && !fault.OnlyChanges))
        {
            Judge(fault, what, refused);
        }
    }

    private static void Speechless(FaultCase fault, string? told) => Expect.That(
        told is null || (!told.Contains(Planted, StringComparison.Ordinal) && (fault.Secret is null || !told.Contains(fault.Secret, StringComparison.Ordinal))), "The message holds a secret.");

    private static async Task SecretsAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        scope.Afterwards(t => scope.Provider.SecretStore!.DeleteAsync(scope.Name, t));
        foreach (var fault in scope.Faults!.Cases.Where(c => c.Meets(CapabilityNames.SecretStore)))
        {
            await ToldAsync(fault, async () =>
            {
                await using var faulty = await scope.Faults.OpenAsync(fault, cancellationToken).ConfigureAwait(false);
                var store = faulty.Provider.SecretStore!;
                Judge(fault, "Keeping a secret", await RefusalAsync(() => store.CreateIfAbsentAsync(scope.Name, Encoding.UTF8.GetBytes(Planted), cancellationToken)).ConfigureAwait(false));
                JudgeRead(fault, "Listing secrets", await RefusalAsync(() => store.ListAsync(scope.Name, cancellationToken)).ConfigureAwait(false));
            }).ConfigureAwait(false);
        }
    }

    private static async Task ObjectsAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var bucket = new Specimen<BucketSpec>(scope, scope.Provider.ObjectStorage!.Buckets, ResourceKinds.Bucket, new BucketSpec("backups"));
        var id = ResourceJson.Read<BucketOutputs>((await bucket.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!).BucketId;
        scope.Afterwards(t => scope.Provider.ObjectStorage!.DeleteAsync(id, "key", t));
        foreach (var fault in scope.Faults!.Cases.Where(c => c.Meets(CapabilityNames.ObjectStorage)))
        {
            await ToldAsync(fault, async () =>
            {
                await using var faulty = await scope.Faults.OpenAsync(fault, cancellationToken).ConfigureAwait(false);
                var storage = faulty.Provider.ObjectStorage!;
                Judge(fault, "Writing an object", await RefusalAsync(() => storage.PutAsync(id, "key", Encoding.UTF8.GetBytes(Planted), null, cancellationToken)).ConfigureAwait(false));
                JudgeRead(fault, "Listing objects", await RefusalAsync(() => storage.ListAsync(id, "", cancellationToken)).ConfigureAwait(false));
            }).ConfigureAwait(false);
        }
    }

    /// <summary>What a provider needs is told, as unmet or unknown, also where its account cannot be looked at.</summary>
    private static async Task RequirementsAsync(IProvider ill, FaultCase fault, CancellationToken cancellationToken)
    {
        foreach (var finding in await ill.VerifyAsync(cancellationToken).ConfigureAwait(false))
        {
            Expect.That(finding.Sentence.Length > 0, $"Requirement {finding.Requirement.Name} is told as {finding.State} without a word.");
            Speechless(fault, finding.Sentence);
        }
    }

    private static async Task<ProviderException?> RefusalAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return null;
        }
        catch (ProviderException refused)
        {
            return refused;
        }
    }

    private static async Task ToldAsync(FaultCase fault, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (CheckFailedException failed)
        {
            throw new CheckFailedException($"When {fault.Name}: {failed.Message}");
        }
    }
}
