using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>Record sets in the edge's zones. The owner's mark stands beside the set in the edge's state.</summary>
internal sealed class DnsRecordSetDriver(EdgeStore edges) : EdgeObjectDriver<DnsRecordSetSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.DnsRecordSet,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = Compare,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(DnsRecordSetSpec spec) => EdgeOf(spec.ZoneId);

    protected override string? Problem(DnsRecordSetSpec spec) => DnsNames.Problem(spec, Inside(spec.ZoneId));

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, DnsRecordSetSpec spec)
    {
        if (!edge.State.Zones.TryGetValue(Inside(spec.ZoneId), out var zone)
            || !zone.RecordSets.TryGetValue(Key(spec), out var set) || !set.Mark.IsThis(call))
        {
            return Observation.Absent;
        }

        var id = $"{edge.Name}/{Inside(spec.ZoneId)}/{spec.Name}/{spec.Type}";
        var outputs = ResourceJson.Write(new DnsRecordSetOutputs(spec.Name));
        return IsAs(set, spec) ? Observation.Present(id, outputs) : Observation.Drifted(id, outputs, $"{spec.Name} has other values.");
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, DnsRecordSetSpec spec)
    {
        var zoneName = Inside(spec.ZoneId);
        if (!edge.State.Zones.TryGetValue(zoneName, out var zone))
        {
            throw EngineFaultException.Failed(ErrorClass.DependencyMissing, $"The zone {zoneName} of {spec.Name} is gone.");
        }

        if (zone.RecordSets.TryGetValue(Key(spec), out var set))
        {
            set.Mark.RefuseOthers(call, "record set", Key(spec));
            if (set.Mark.IsThis(call) && IsAs(set, spec))
            {
                return edge.State;
            }
        }

        var sets = zone.RecordSets.SetItem(Key(spec), new EdgeRecordSet(RecordedOwner.Of(call), spec.Name, spec.Type, spec.TtlSeconds, spec.Values));
        return edge.State with { Zones = edge.State.Zones.SetItem(zoneName, zone with { RecordSets = sets }) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, DnsRecordSetSpec spec)
    {
        var zoneName = Inside(spec.ZoneId);
        return edge.State.Zones.TryGetValue(zoneName, out var zone) && zone.RecordSets.TryGetValue(Key(spec), out var set) && set.Mark.IsThis(call)
            ? edge.State with { Zones = edge.State.Zones.SetItem(zoneName, zone with { RecordSets = zone.RecordSets.Remove(Key(spec)) }) }
            : edge.State;
    }

    private static ChangeEffect Compare(string made, string wanted)
    {
        if (made == wanted)
        {
            return ChangeEffect.None;
        }

        var (before, after) = (ResourceJson.Read<DnsRecordSetSpec>(made), ResourceJson.Read<DnsRecordSetSpec>(wanted));
        return before.ZoneId == after.ZoneId && Key(before) == Key(after) ? ChangeEffect.Update : ChangeEffect.Replace;
    }

    private static string Key(DnsRecordSetSpec spec) => $"{spec.Name} {spec.Type}";

    private static bool IsAs(EdgeRecordSet set, DnsRecordSetSpec spec) =>
        set.TtlSeconds == spec.TtlSeconds && set.Values.AsSpan().SequenceEqual(spec.Values.AsSpan());
}
