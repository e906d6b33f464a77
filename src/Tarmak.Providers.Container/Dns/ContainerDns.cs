using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Container;

/// <summary>Capability Dns: PowerDNS on the edge.</summary>
internal sealed record ContainerDns(IResourceDriver<DnsZoneSpec> Zones, IResourceDriver<DnsRecordSetSpec> RecordSets) : IDns;
