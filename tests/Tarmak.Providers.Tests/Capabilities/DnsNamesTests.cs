using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Tests.Capabilities;

public sealed class DnsNamesTests
{
    [Theory]
    [InlineData("A", "10.0.0.1", true)]
    [InlineData("A", "10.0.0.1\nevil", false)]
    [InlineData("A", "010.0.0.1", false)]
    [InlineData("AAAA", "fd00::1", true)]
    [InlineData("AAAA", "10.0.0.1", false)]
    [InlineData("CNAME", "a.b.test.", true)]
    [InlineData("SRV", "0 0 9115 etcd-0.demo.test.", true)]
    [InlineData("SRV", "0 0 etcd", false)]
    [InlineData("TXT", "\"a b\" \"c\"", true)]
    [InlineData("TXT", "no quotes", false)]
    [InlineData("MX", "10 mail.test.", false)]
    public void RecordData_ThatWouldTakeTheZoneAway_IsRefused(string type, string value, bool valid) =>
        (DnsNames.Problem(type, value) is null).Should().Be(valid);

    [Theory]
    [InlineData("a.z.test", 60, "192.0.2.1", null)]
    [InlineData("z.test", 60, "192.0.2.1", null)]
    [InlineData("az.test", 60, "192.0.2.1", "az.test is no name in zone z.test.")]
    [InlineData("a.z.test", -1, "192.0.2.1", "The time to live of a.z.test is below zero.")]
    [InlineData("a.z.test", 60, null, "The record set a.z.test has no values.")]
    [InlineData("a.z.test", 60, "nonsense", "\"nonsense\" is no data of a record of type A.")]
    public void RecordSet_OfAZone_IsInItAndWhole(string name, int ttl, string? value, string? problem) =>
        DnsNames.Problem(new DnsRecordSetSpec("z", name, "A", ttl, value is null ? [] : [value]), "z.test").Should().Be(problem);
}
