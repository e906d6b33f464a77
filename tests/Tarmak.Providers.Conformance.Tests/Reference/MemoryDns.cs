using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Tests.Reference;

/// <summary>DNS as it should be where zones cannot be made: one zone is there.</summary>
internal sealed class MemoryDns : IDns
{
    public const string Zone = "k8s.example.test";

    public IResourceDriver<DnsZoneSpec> Zones { get; } = new MemoryZones();

    public IResourceDriver<DnsRecordSetSpec> RecordSets { get; } = new MemoryRecordSets();
}

/// <summary>The zone that is there.</summary>
internal class MemoryZones : IResourceDriver<DnsZoneSpec>
{
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.DnsZone,
        EnsureResolution = UnknownResolution.UniqueName,
        Shared = true,
        Compare = static (_, _) => ChangeEffect.None,
    };

    public Task<StepOutcome> ObserveAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(spec.Zone == MemoryDns.Zone ? Seen(spec) : Observation.Absent));

    public virtual Task<StepOutcome> EnsureAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(spec.Zone == MemoryDns.Zone
            ? new StepOutcome.Succeeded(Seen(spec))
            : new StepOutcome.Failed(ErrorClass.DependencyMissing, $"There is no zone {spec.Zone}; make it."));

    public Task<StepOutcome> DeleteAsync(ResourceCall call, DnsZoneSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent));

    protected static Observation Seen(DnsZoneSpec spec) => Observation.Present(spec.Zone, ResourceJson.Write(new DnsZoneOutputs(spec.Zone)));
}

/// <summary>Record sets as they should be: one for each name and type, with the values last written.</summary>
internal class MemoryRecordSets() : MemoryDriver<DnsRecordSetSpec>(ResourceKinds.DnsRecordSet)
{
    private readonly Dictionary<string, DnsRecordSetSpec> written = new(StringComparer.Ordinal);

    public override async Task<StepOutcome> ObserveAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken) =>
        Against(spec, await base.ObserveAsync(At(call, spec), spec, cancellationToken));

    public override async Task<StepOutcome> EnsureAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken)
    {
        var made = await base.EnsureAsync(At(call, spec), spec, cancellationToken);
        if (made is StepOutcome.Succeeded)
        {
            lock (Gate)
            {
                Write(written, Key(spec), spec);
            }
        }

        return made;
    }

    public override Task<StepOutcome> DeleteAsync(ResourceCall call, DnsRecordSetSpec spec, CancellationToken cancellationToken) =>
        base.DeleteAsync(At(call, spec), spec, cancellationToken);

    protected virtual void Write(Dictionary<string, DnsRecordSetSpec> records, string key, DnsRecordSetSpec spec) => records[key] = spec;

    protected virtual bool AreSame(DnsRecordSetSpec there, DnsRecordSetSpec wanted) => ResourceJson.Write(there) == ResourceJson.Write(wanted);

    protected override string Outputs(string id) => ResourceJson.Write(new DnsRecordSetOutputs(id));

    private static string Key(DnsRecordSetSpec spec) => $"{spec.Name} {spec.Type}";

    private static ResourceCall At(ResourceCall call, DnsRecordSetSpec spec) => call with { Name = Key(spec) };

    private StepOutcome Against(DnsRecordSetSpec spec, StepOutcome seen)
    {
        lock (Gate)
        {
            return seen is StepOutcome.Succeeded { Observation: { Exists: true } there } && !AreSame(written[Key(spec)], spec)
                ? new StepOutcome.Succeeded(Observation.Drifted(there.ObjectId!, there.Outputs!, "It has other values."))
                : seen;
        }
    }
}
