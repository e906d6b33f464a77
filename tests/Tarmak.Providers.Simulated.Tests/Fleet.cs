using System.Globalization;
using Tarmak.Machines;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;

namespace Tarmak.Scale;

/// <summary>Clusters as an engine makes them, written straight into an account: marks, names, tokens and parameters of their true size.</summary>
internal sealed class Fleet(SimulatedCloud cloud)
{
    /// <summary>Objects of one cluster.</summary>
    public const int ObjectsOfACluster = 40;

    private const string Installation = "5b0f6d3e9a7c";
    private const int Instances = 8;
    private const int ClustersOfAnEnvironment = 20;

    private int uids;
    private string image = "";
    private string edge = "";

    /// <summary>Makes clusters, twenty to an environment.</summary>
    public async Task MakeAsync(int clusters)
    {
        image = await MakeAsync(Images.Kind, MachineAddress.OfEnvironment("all"), "main", new MachineImageSpec("base"));
        for (var n = 0; n < clusters; n++)
        {
            var environment = Named("env", n / ClustersOfAnEnvironment);
            if (n % ClustersOfAnEnvironment == 0)
            {
                var owner = MachineAddress.OfEnvironment(environment);
                var outer = await MakeAsync(Networks.Kind, owner, "outer", new NetworkSpec(null, false));
                edge = await MakeAsync(Edges.Kind, owner, "edge", new EdgeSpec(image, outer, null, new string('c', 700)));
            }

            await MakeAsync(environment, Named("c", n));
        }
    }

    private async Task MakeAsync(string environment, string cluster)
    {
        var owner = MachineAddress.OfCluster(environment, cluster);
        var range = Cidr.Parse("10.99.0.0/16");
        var network = await MakeAsync(Networks.Kind, owner, "main", new NetworkSpec("10.99.0.0/16", true));
        await MakeAsync(EdgeAttachments.Kind, owner, "main", new EdgeAttachmentSpec(edge, network, range.Host(AddressPlan.EdgeOffset).ToString()));
        var zone = await MakeAsync(Zones.Kind, owner, "zone", new DnsZoneSpec(edge, $"{cluster}.{environment}.example.test"));
        var balancer = "";
        foreach (var name in new[] { "api", "etcd", "ssh" })
        {
            balancer = await MakeAsync(Balancers.Kind, owner, name, new LoadBalancerSpec(edge, network, new HealthCheck("tcp", null, 2, 2, 2, 2), null, 3600));
        }

        await MakeAsync(Buckets.Kind, owner, "backups", new BucketSpec("backups"));
        await MakeAsync(RecordSets.Kind, owner, "api", new DnsRecordSetSpec(zone, $"api.{cluster}.{environment}.example.test", "A", 60, ["100.64.0.1"]));
        var pool = owner.Nested(MachineKind.InstancePool, "worker");
        for (var n = 0; n < Instances; n++)
        {
            var instance = pool.Nested(MachineKind.Instance, n.ToString(CultureInfo.InvariantCulture));
            var address = range.Host(AddressPlan.EdgeOffset + 20 + n).ToString();
            var volume = await MakeAsync(Volumes.Kind, instance, "data", new VolumeSpec(5, "ssd", null));
            await MakeAsync(Tarmak.Providers.Simulated.Kinds.Machines.Kind, instance, "main", new MachineSpec
            {
                ImageId = image,
                HostName = $"worker-{n}",
                Size = "small",
                NetworkId = network,
                Address = address,
                Volumes = [new VolumeAttachment(volume, "/srv/data")],
                FirstBoot = new FirstBoot(instance.Key, Uid(), $"{address}:7443", new string('a', 64)),
            });
            await MakeAsync(RecordSets.Kind, instance, "host", new DnsRecordSetSpec(zone, $"worker-{n}.{cluster}.{environment}.example.test", "A", 300, [address]));
            await MakeAsync(Targets.Kind, instance, "main", new LoadBalancerTargetSpec(balancer, address, 6443));
        }
    }

    private async Task<string> MakeAsync<TSpec>(SimulatedKind<TSpec> kind, MachineAddress owner, string name, TSpec spec)
        where TSpec : class
    {
        var machine = owner.Capability(kind.Name, name);
        var uid = Uid();
        var call = new ResourceCall
        {
            Marks = new OwnerMarks(Installation, machine.Key.Split('/')[0], machine.Key.Split('/') is [_, var cluster, ..] ? cluster : null, uid, machine.Key),
            Name = ObjectNames.Of(Installation, machine),
            Incarnation = 1,
            Token = $"{uid}.ensure.1",
        };
        var made = await cloud.DescribeAsync(
            new CloudRequest(CloudMethod.Create, kind.Name)
            {
                Name = kind.NameOf(call, spec),
                IsUniqueName = kind.HasUniqueNames,
                Token = kind.HasUniqueNames ? null : call.Token,
                Marks = call.Marks,
                Incarnation = 1,
                Parameters = ResourceJson.Write(spec),
            },
            CancellationToken.None);
        return made!.Id;
    }

    private string Uid() => (++uids).ToString("x32", CultureInfo.InvariantCulture);

    private static string Named(string what, int number) => string.Create(CultureInfo.InvariantCulture, $"{what}{number:D5}");
}
