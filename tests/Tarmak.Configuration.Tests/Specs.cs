using Tarmak.Configuration.Certificates;
using Tarmak.Model.Resources;

namespace Tarmak.Configuration.Tests;

internal static class Specs
{
    public const string OperatorKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y operator@example.test";

    private static readonly EtcdMember[] Members =
    [
        new("etcd-0", "etcd-0.demo.dev.tarmak.local", "10.99.32.20"),
        new("etcd-1", "etcd-1.demo.dev.tarmak.local", "10.99.32.21"),
        new("etcd-2", "etcd-2.demo.dev.tarmak.local", "10.99.32.22"),
    ];

    public static BundleSpec Etcd(int index = 0) => Instance(Roles.Etcd, index, Members[index].Address) with
    {
        EtcdMembers = [.. Members],
        Certificates = EtcdCertificates.For(Members[index], ["etcd.demo.dev.tarmak.local"], []),
    };

    public static BundleSpec Bastion() => Instance(Roles.Bastion, 0, "10.99.0.10");

    private static BundleSpec Instance(string role, int index, string address) => new()
    {
        Environment = "dev",
        Cluster = "demo",
        Pool = role,
        Role = role,
        Index = index,
        InstanceUid = "5f0c8a",
        HostName = $"{role}-{index}",
        Fqdn = $"{role}-{index}.demo.dev.tarmak.local",
        Address = address,
        DnsServer = "10.99.0.2",
        PrivateZone = "tarmak.local",
        BucketId = "configuration",
        AuthorizedKeys = [OperatorKey],
    };
}
