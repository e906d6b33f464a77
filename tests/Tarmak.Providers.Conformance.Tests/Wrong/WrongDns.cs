using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>DNS, wrong in one way each.</summary>
internal static class WrongDns
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("serves any zone it is asked for", "zone-that-is-not-there-is-missing", new Dns { Zones = new ServesEverything() }),
        Of("keeps the values it wrote first", "record-set-is-changed-in-place", new Dns { RecordSets = new KeepsTheFirst() }),
        Of("looks at values and not at their time to live", "record-set-is-changed-in-place", new Dns { RecordSets = new IgnoresTimeToLive() }),
        Of("loses service records", "record-set-of-every-type-is-made", new Dns { RecordSets = new LosesServices() }),
        Of("deletes whatever is at the name", "dns-record-set-deleted-by-a-stranger-stays", new Dns { RecordSets = new DeletesByName() }),
    ];

    private static WrongDriver Of(string what, string caught, IDns dns) => new(what, $"dns/{caught}", MemoryCloud.Of(dns: dns).Open);

    private sealed class Dns : IDns
    {
        public IResourceDriver<DnsZoneSpec> Zones { get; init; } = new MemoryZones();

        public IResourceDriver<DnsRecordSetSpec> RecordSets { get; init; } = new MemoryRecordSets();
    }

    private sealed class ServesEverything : MemoryZones
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
            Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Seen(spec)));
    }

    private sealed class KeepsTheFirst : MemoryRecordSets
    {
        protected override void Write(Dictionary<string, DnsRecordSetSpec> records, string key, DnsRecordSetSpec spec) => records.TryAdd(key, spec);
    }

    private sealed class IgnoresTimeToLive : MemoryRecordSets
    {
        protected override bool AreSame(DnsRecordSetSpec there, DnsRecordSetSpec wanted) => there.Values.SequenceEqual(wanted.Values);
    }

    private sealed class LosesServices : MemoryRecordSets
    {
        public override Task<StepOutcome> ObserveAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken) =>
            spec.Type == "SRV" ? Ended(Observation.Absent) : base.ObserveAsync(call, spec, cancellationToken);
    }

    private sealed class DeletesByName : MemoryRecordSets
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                Objects.Remove($"{spec.Name} {spec.Type}");
                return Ended(Observation.Absent);
            }
        }
    }
}
