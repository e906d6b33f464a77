using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Requirements;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of zones and record sets.</summary>
internal static class DnsChecks
{
    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.Dns, ResourceKinds.DnsZone, static p => p.Dns?.Zones, MadeZoneAsync, MakesZones, static sheet => sheet.Find<DnsSheet>() is { MakesZones: false } ? "zones are there and are not made" : null),
        .. LifecycleChecks.Of(CapabilityNames.Dns, ResourceKinds.DnsRecordSet, static p => p.Dns?.RecordSets, RecordSetAsync, 
            another: static (spec, n) => spec with { Name = $"n{n}.{spec.Name}" }, changed: static spec => spec with { TtlSeconds = spec.TtlSeconds + 60 }),
        Check("zone-that-is-not-there-is-missing", "Ensuring a zone that nobody serves, where zones cannot be made, fails as DependencyMissing.", MissingZoneAsync, static p => !MakesZones(p)) with
        {
            ExcludedBy = static sheet => sheet.Find<DnsSheet>() is { MakesZones: true } ? "it makes zones, so that none can be missing" : null,
        },
        Check("record-set-is-changed-in-place", "A record set ensured with other values is observed out of sync before, and with them after.", ChangedAsync),
        Check("record-set-of-every-type-is-made", "A record set of each type is made and observed as made.", EveryTypeAsync),
    ];

    private static bool MakesZones(IProvider provider) => provider.Sheet.Find<DnsSheet>() is { MakesZones: true };

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run, Func<IProvider, bool>? isOffered = null) =>
        new($"{CapabilityNames.Dns}/{behaviour}", demand, p => p.Dns is not null && isOffered?.Invoke(p) != false, run);

    private static async Task<DnsZoneSpec> MadeZoneAsync(CheckScope scope, CancellationToken cancellationToken) => new(
        scope.Provider.Sheet.Find<DnsSheet>()!.NeedsEdge ? (await scope.Place!.EdgeAsync(cancellationToken).ConfigureAwait(false)).EdgeId : null, $"{scope.Name}.example.test");

    /// <summary>A zone that records can be written in: made, or the one the subject names.</summary>
    internal static async Task<(string Id, string Name)> ZoneAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var makes = MakesZones(scope.Provider);
        Expect.That(makes || scope.Zone is not null, "The provider makes no zones, and no zone is named that records may be written in; name one (--zone).");
        var spec = makes ? await MadeZoneAsync(scope, cancellationToken).ConfigureAwait(false) : new DnsZoneSpec(null, scope.Zone!);
        var zone = new Specimen<DnsZoneSpec>(scope, scope.Provider.Dns!.Zones, ResourceKinds.DnsZone, spec, "zone");
        var seen = await zone.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return (ResourceJson.Read<DnsZoneOutputs>(seen.Outputs!).ZoneId, spec.Zone);
    }

    private static async Task<DnsRecordSetSpec> RecordSetAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var zone = await ZoneAsync(scope, cancellationToken).ConfigureAwait(false);
        return new DnsRecordSetSpec(zone.Id, $"{scope.Name}.{zone.Name}", "A", 60, ["192.0.2.10", "192.0.2.11"]);
    }

    private static async Task MissingZoneAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var zone = new Specimen<DnsZoneSpec>(scope, scope.Provider.Dns!.Zones, ResourceKinds.DnsZone, new DnsZoneSpec(null, $"{scope.Name}.invalid"));
        var outcome = await zone.EnsureOutcomeAsync(zone.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.DependencyMissing }, $"Ensuring a zone that nobody serves ended as {outcome}.");
    }

    private static async Task ChangedAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var before = await RecordSetAsync(scope, cancellationToken).ConfigureAwait(false);
        var first = Of(scope, before);
        await first.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var values = before with { Values = ["192.0.2.12"] };
        foreach (var changed in new[] { values, values with { TtlSeconds = values.TtlSeconds + 60 } })
        {
            var next = Of(scope, changed);
            Expect.That(!(await next.ObserveAsync(next.Call, cancellationToken).ConfigureAwait(false)).InSync, "Other values were observed as in sync.");
            await next.EnsureAsync(cancellationToken).ConfigureAwait(false);
            Expect.That((await next.ObserveUntilAsync(next.Call, static o => o.InSync, cancellationToken).ConfigureAwait(false)).InSync, "Values that were just written are observed as out of sync.");
        }
    }

    private static async Task EveryTypeAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var zone = await ZoneAsync(scope, cancellationToken).ConfigureAwait(false);
        (string Type, ImmutableArray<string> Values)[] sets =
        [
            ("A", ["192.0.2.1"]), ("AAAA", ["2001:db8::1"]), ("CNAME", ["elsewhere.example.test."]),
            ("SRV", ["10 5 2379 etcd.example.test."]), ("TXT", ["\"one\" \"and two\""]),
        ];
        foreach (var (type, values) in sets)
        {
            // Nothing else may be beside an alias, so each type has a name of its own.
            var one = Of(scope, new DnsRecordSetSpec(zone.Id, $"{type.ToLowerInvariant()}.{scope.Name}.{zone.Name}", type, 60, values), type.ToLowerInvariant());
            await one.EnsureAsync(cancellationToken).ConfigureAwait(false);
            var seen = await one.ObserveUntilAsync(one.Call, static o => o.InSync, cancellationToken).ConfigureAwait(false);
            Expect.That(seen is { Exists: true, InSync: true }, $"A record set of type {type} was made and is observed as {seen}.");
        }
    }

    private static Specimen<DnsRecordSetSpec> Of(CheckScope scope, DnsRecordSetSpec spec, string? part = null) =>
        new(scope, scope.Provider.Dns!.RecordSets, ResourceKinds.DnsRecordSet, spec, part);
}
