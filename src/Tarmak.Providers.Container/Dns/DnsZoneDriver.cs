using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>Zones, served by the edge.</summary>
internal sealed class DnsZoneDriver(EdgeStore edges) : EdgeObjectDriver<DnsZoneSpec>(edges)
{
    /// <summary>What this driver declares; the sheet repeats it.</summary>
    public static readonly ResourceTraits Declared = new()
    {
        Kind = ResourceKinds.DnsZone,
        EnsureResolution = UnknownResolution.UniqueName,
        Compare = (made, wanted) => made == wanted ? ChangeEffect.None
            : ResourceJson.Read<DnsZoneSpec>(made).Zone == ResourceJson.Read<DnsZoneSpec>(wanted).Zone ? ChangeEffect.Update : ChangeEffect.Replace,
    };

    /// <inheritdoc/>
    public override ResourceTraits Traits => Declared;

    protected override string? EdgeFor(DnsZoneSpec spec) => spec.EdgeId;

    protected override string? Problem(DnsZoneSpec spec) => DnsNames.IsName(spec.Zone) ? null : $"{spec.Zone} is no name of a zone.";

    protected override Observation Look(EdgeSnapshot edge, ResourceCall call, DnsZoneSpec spec)
    {
        var id = $"{edge.Name}/{spec.Zone}";
        return edge.State.Zones.TryGetValue(spec.Zone, out var zone) && zone.Mark.IsThis(call)
            ? Observation.Present(id, ResourceJson.Write(new DnsZoneOutputs(id)))
            : Observation.Absent;
    }

    protected override EdgeState With(EdgeSnapshot edge, ResourceCall call, DnsZoneSpec spec)
    {
        if (!edge.State.Zones.TryGetValue(spec.Zone, out var zone))
        {
            return edge.State with { Zones = edge.State.Zones.Add(spec.Zone, new EdgeZone { Mark = RecordedOwner.Of(call) }) };
        }

        zone.Mark.RefuseOthers(call, "zone", spec.Zone);
        return zone.Mark.IsThis(call)
            ? edge.State
            : edge.State with { Zones = edge.State.Zones.SetItem(spec.Zone, zone with { Mark = RecordedOwner.Of(call) }) };
    }

    protected override EdgeState Without(EdgeSnapshot edge, ResourceCall call, DnsZoneSpec spec) =>
        edge.State.Zones.TryGetValue(spec.Zone, out var zone) && zone.Mark.IsThis(call)
            ? edge.State with { Zones = edge.State.Zones.Remove(spec.Zone) }
            : edge.State;
}
