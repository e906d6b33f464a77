using Tarmak.Model.Resources;

namespace Tarmak.Providers.Capabilities;

/// <summary>Capability Dns: zones and record sets, separate objects.</summary>
public interface IDns
{
    /// <summary>Zones.</summary>
    IResourceDriver<DnsZoneSpec> Zones { get; }

    /// <summary>Record sets.</summary>
    IResourceDriver<DnsRecordSetSpec> RecordSets { get; }
}
