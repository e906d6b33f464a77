using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of machines' identities.</summary>
internal static class AccessIdentityChecks
{
    private const string UnknownPolicy = "tarmak-conformance-no-such-policy";
    private const string UnknownPath = "tarmak-conformance/no/such/path";

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.AccessIdentity, ResourceKinds.AccessIdentity, static p => p.AccessIdentity?.Identities, SpecAsync, IsPlaced, WithoutPlace,
            another: static (spec, n) => spec with { Instance = $"{spec.Instance}{n}", InstanceUid = $"{spec.InstanceUid}-{n}" }, changed: static spec => spec with { Role = "etcd" }),
        Check("identity-changes-in-place", "A changed identity is observed out of sync before it is ensured and as wanted after, and is the same object.", ChangesAsync),
        Check("unknown-policy-is-refused", "An identity with a policy that the sheet does not tell fails as InvalidSpec, where the sheet tells all.", UnknownPolicyAsync),
        Check("what-it-cannot-grant-is-refused", "An identity that is to be granted what the provider does not know fails as InvalidSpec.", UnknownGrantAsync),
    ];

    // Where the provider has machines, what they may call may be decided on its edge.
    private static bool IsPlaced(IProvider provider) => provider is { AccessIdentity: not null } and ({ Network: not null, MachineImages: not null } or { Compute: null });

    private static string? WithoutPlace(RequirementSheet sheet) =>
        sheet.Find(CapabilityNames.Compute) is not null ? Places.WithoutMachines(sheet) : null;

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run) =>
        new($"{CapabilityNames.AccessIdentity}/{behaviour}", demand, IsPlaced, run) { ExcludedBy = WithoutPlace };

    /// <summary>The identity of an instance that may call nothing.</summary>
    internal static async Task<AccessIdentitySpec> SpecAsync(CheckScope scope, CancellationToken cancellationToken) => new()
    {
        Instance = $"conformance/{scope.Name}/worker/0",
        InstanceUid = $"{scope.Name}-worker",
        Role = "worker",
        EdgeId = scope.Provider.Compute is null ? null : (await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId,
    };

    private static Specimen<AccessIdentitySpec> Of(CheckScope scope, AccessIdentitySpec spec) =>
        new(scope, scope.Provider.AccessIdentity!.Identities, ResourceKinds.AccessIdentity, spec);

    private static async Task ChangesAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var spec = await SpecAsync(scope, cancellationToken).ConfigureAwait(false);
        var one = Of(scope, spec);
        var first = await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var changed = spec with { Role = "etcd" };
        var effect = scope.Provider.AccessIdentity!.Identities.Traits.Compare(ResourceJson.Write(spec), ResourceJson.Write(changed));
        Expect.That(effect == ChangeEffect.Update, $"A changed identity means {effect}, so that its machine would go with it or keep what was withdrawn.");
        var other = Of(scope, changed);
        await one.SettleAsync(cancellationToken).ConfigureAwait(false);
        var before = await other.ObserveAsync(other.Call with { ObjectId = first.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(before is { Exists: true, InSync: false }, "An identity that is to be changed is told as being as wanted, or as gone.");
        var ensured = await other.EnsureOutcomeAsync(other.Call with { ObjectId = first.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(ensured is StepOutcome.Succeeded { Observation.ObjectId: var id } && id == first.ObjectId, $"Changing identity {first.ObjectId} ended as {ensured}.");
        var after = await other.ObserveProvenAsync(other.Call with { ObjectId = first.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(after is { Exists: true, InSync: true }, "A changed identity is not observed as it was ensured.");
    }

    private static async Task UnknownPolicyAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        if (scope.Provider.Sheet.Find<AccessIdentitySheet>() is { TakesOwnPolicies: false })
        {
            await RefusedAsync(scope, await SpecAsync(scope, cancellationToken).ConfigureAwait(false) with { Policies = [UnknownPolicy] }, "a policy that is none", cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task UnknownGrantAsync(CheckScope scope, CancellationToken cancellationToken) => await RefusedAsync(
        scope,
        await SpecAsync(scope, cancellationToken).ConfigureAwait(false) with { Grants = [new InstanceGrant(UnknownPath, [GrantVerbs.Read])] },
        "a grant of what nobody knows", cancellationToken).ConfigureAwait(false);

    private static async Task RefusedAsync(CheckScope scope, AccessIdentitySpec spec, string what, CancellationToken cancellationToken)
    {
        var identity = Of(scope, spec);
        var outcome = await identity.EnsureOutcomeAsync(identity.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.InvalidSpec }, $"Ensuring an identity with {what} ended as {outcome}.");
    }
}
