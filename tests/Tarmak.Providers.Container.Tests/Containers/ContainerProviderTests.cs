using System.Net;
using System.Net.Sockets;
using DnsClient;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;

namespace Tarmak.Providers.Container.Tests.Containers;

[Trait("Category", "Containers")]
[Collection("Containers")]
public sealed class ContainerProviderTests(EngineFixture fixture) : IAsyncLifetime
{
    private IReadOnlyList<string> before = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => before = await SnapshotAsync();

    public async ValueTask DisposeAsync()
    {
        (await SnapshotAsync()).Should().Equal(before, "deleting returns the engine to where it was");
        (await fixture.Provider.Watch.ListOwnedAsync(CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Networks_MadeAtOnceWithoutAGivenRange_AllGetOne()
    {
        await using var cloud = new Cloud(fixture);
        await using var other = fixture.Open();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            var (networks, call) = (n % 2 == 0 ? cloud.Provider.Network.Networks : other.Network.Networks, cloud.Call($"at-once-{n}"));
            while (true)
            {
                var outcome = await networks.EnsureAsync(call, new NetworkSpec(null, Internal: true), Token);
                if (outcome is not StepOutcome.Failed { Error: ErrorClass.Transient })
                {
                    return (Call: call, Made: outcome);
                }
            }
        }));

        foreach (var (call, outcome) in made)
        {
            var network = outcome.Outputs<NetworkOutputs>();
            (await cloud.Provider.Network.Networks.DeleteAsync(call with { ObjectId = network.NetworkId }, new NetworkSpec(null, Internal: true), Token)).ShouldSucceed();
        }

        made.Select(m => m.Made.Outputs<NetworkOutputs>().Cidr).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Network_WithTakenRange_NamesAFreeOne()
    {
        await using var cloud = new Cloud(fixture);
        var made = await cloud.InnerAsync("10.213.0.0/24");
        made.Cidr.Should().Be("10.213.0.0/24");

        var outcome = await cloud.Provider.Network.Networks.EnsureAsync(cloud.Call("other"), new NetworkSpec("10.213.0.0/25", true), Token);
        var problems = await cloud.Provider.CheckAsync(new PreflightRequest([("dev/other#network/main", "10.213.0.128/25")], []), Token);

        outcome.ShouldFail(ErrorClass.Conflict).Should().Contain("10.213.0.0/24").And.EndWith("/25 is free.");
        problems.Should().ContainSingle().Which.Should().StartWith("dev/other: ").And.Contain("is free");
        (await cloud.Provider.CheckAsync(new PreflightRequest([(cloud.Call("inner").Marks.Owner, "10.213.0.0/24")], []), Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Object_OfSomebodyElse_IsAConflict()
    {
        await using var cloud = new Cloud(fixture);
        var spec = new VolumeSpec(1, "ssd", null);
        await cloud.MakeAsync<VolumeSpec, VolumeOutputs>(cloud.Provider.Volumes.Volumes, "data", spec);
        var call = cloud.Call("data");
        var foreign = call with { Marks = call.Marks with { Uid = "other" } };

        (await cloud.Provider.Volumes.Volumes.EnsureAsync(foreign, spec, Token)).ShouldFail(ErrorClass.Conflict);
        (await cloud.Provider.Volumes.Volumes.DeleteAsync(foreign with { ObjectId = call.Name }, spec, Token)).ShouldSucceed();
        (await cloud.Provider.Volumes.Volumes.ObserveAsync(call, spec, Token)).ShouldSucceed().Exists.Should().BeTrue();
    }

    [Fact]
    public async Task Machine_HasItsFilesAndKeepsItsVolume()
    {
        await using var cloud = new Cloud(fixture);
        var network = await cloud.InnerAsync("10.213.1.0/24");
        var volume = await cloud.MakeAsync<VolumeSpec, VolumeOutputs>(cloud.Provider.Volumes.Volumes, "data", new VolumeSpec(1, "ssd", null));
        var spec = await cloud.SpecAsync(network, "10.213.1.10", new VolumeAttachment(volume.VolumeId, "/var/lib/etcd"));

        var machine = await cloud.MakeAsync<MachineSpec, MachineOutputs>(cloud.Provider.Compute.Machines, "machine", spec);

        machine.Address.Should().Be("10.213.1.10");
        var facts = await RunAsync(machine.MachineId, "stat -c '%a %u' /etc/tarmak/enrolment-secret /etc/tarmak/agent.json; cat /etc/tarmak/enrolment-secret; echo; cat /etc/tarmak/agent.json; hostname; touch /var/lib/etcd/kept");
        facts.Should().StartWith("600 0\n600 0\nplanted-enrolment-secret\n").And.Contain("\"instance\":\"dev/demo/etcd/0\"").And.EndWith("machine-0\n");
        var inspected = await fixture.Engine.Client.Containers.InspectContainerAsync(machine.MachineId, Token);
        System.Text.Json.JsonSerializer.Serialize(inspected).Should().NotContain("planted-enrolment-secret");

        await fixture.Engine.RemoveContainerAsync(machine.MachineId, Token);
        (await cloud.Provider.Compute.Machines.ObserveAsync(cloud.Call("machine"), spec, Token)).ShouldSucceed().Exists.Should().BeFalse();
        var again = (await cloud.Provider.Compute.Machines.EnsureAsync(cloud.Call("machine"), spec, Token)).Outputs<MachineOutputs>();
        again.MachineId.Should().NotBe(machine.MachineId);
        (await RunAsync(again.MachineId, "ls /var/lib/etcd")).Should().Be("kept\n");
    }

    [Fact]
    public async Task Machine_Stopped_IsToldAndStartedAgain()
    {
        await using var cloud = new Cloud(fixture);
        var network = await cloud.InnerAsync("10.213.2.0/24");
        var spec = await cloud.SpecAsync(network, "10.213.2.10");
        var machine = await cloud.MakeAsync<MachineSpec, MachineOutputs>(cloud.Provider.Compute.Machines, "machine", spec);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var hints = cloud.Provider.Watch.WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        var hint = hints.MoveNextAsync().AsTask();

        // The watch says nothing of when it listens; a machine stopped and started until it speaks does not depend on it.
        while (!hint.IsCompleted)
        {
            await fixture.Engine.Client.Containers.KillContainerAsync(machine.MachineId, new() { Signal = "SIGKILL" }, Token);
            var stopped = (await cloud.Provider.Compute.Machines.ObserveAsync(cloud.Call("machine"), spec, Token)).ShouldSucceed();
            while (stopped.InSync)
            {
                stopped = (await cloud.Provider.Compute.Machines.ObserveAsync(cloud.Call("machine"), spec, Token)).ShouldSucceed();
            }

            (await cloud.Provider.Compute.Machines.EnsureAsync(cloud.Call("machine"), spec, Token)).Outputs<MachineOutputs>().Should().Be(machine);
        }

        (await hint).Should().BeTrue();
        hints.Current.Should().Be(cloud.Call("machine").Marks);
        await end.CancelAsync();
    }

    [Fact]
    public async Task Machine_OfALaterIncarnation_IsNotTouchedByAnEarlierDelete()
    {
        await using var cloud = new Cloud(fixture);
        var network = await cloud.InnerAsync("10.213.3.0/24");
        var spec = await cloud.SpecAsync(network, "10.213.3.10");
        var first = await cloud.MakeAsync<MachineSpec, MachineOutputs>(cloud.Provider.Compute.Machines, "machine", spec);
        var machines = cloud.Provider.Compute.Machines;

        var second = (await machines.EnsureAsync(cloud.Call("machine", 2), spec, Token)).Outputs<MachineOutputs>();
        (await machines.DeleteAsync(cloud.Call("machine") with { ObjectId = first.MachineId }, spec, Token)).ShouldSucceed();
        (await machines.DeleteAsync(cloud.Call("machine") with { ObjectId = second.MachineId }, spec, Token)).ShouldSucceed();

        (await machines.ObserveAsync(cloud.Call("machine", 2), spec, Token)).Outputs<MachineOutputs>().Should().Be(second);
        (await machines.DeleteAsync(cloud.Call("machine", 2) with { ObjectId = second.MachineId }, spec, Token)).ShouldSucceed();
    }

    [Fact]
    public async Task Object_OfALaterIncarnation_IsNotMadeAgainByALateCall()
    {
        await using var cloud = new Cloud(fixture);
        var networks = cloud.Provider.Network.Networks;
        var machines = cloud.Provider.Compute.Machines;
        var inner = new NetworkSpec("10.213.5.0/24", Internal: true);
        var network = (await networks.EnsureAsync(cloud.Call("inner", 2), inner, Token)).Outputs<NetworkOutputs>();
        var spec = await cloud.SpecAsync(network, "10.213.5.10");
        var machine = (await machines.EnsureAsync(cloud.Call("machine", 2), spec, Token)).Outputs<MachineOutputs>();

        (await machines.EnsureAsync(cloud.Call("machine"), spec, Token)).ShouldFail(ErrorClass.Conflict).Should().Contain("too late");
        (await networks.EnsureAsync(cloud.Call("inner"), inner, Token)).ShouldFail(ErrorClass.Conflict).Should().Contain("too late");

        (await machines.ObserveAsync(cloud.Call("machine", 2), spec, Token)).Outputs<MachineOutputs>().Should().Be(machine);
        (await machines.DeleteAsync(cloud.Call("machine", 2) with { ObjectId = machine.MachineId }, spec, Token)).ShouldSucceed();
        (await networks.DeleteAsync(cloud.Call("inner", 2) with { ObjectId = network.NetworkId }, inner, Token)).ShouldSucceed();
    }

    [Fact]
    public async Task Edge_WithoutItsContainer_IsSeenAndDeletedByItsState()
    {
        await using var cloud = new Cloud(fixture);
        var edges = cloud.Provider.Compute.Edges;
        var outer = await cloud.MakeAsync<NetworkSpec, NetworkOutputs>(cloud.Provider.Network.Networks, "outer", new NetworkSpec(null, Internal: false));
        var spec = new EdgeSpec("localhost/tarmak/base:none", outer.NetworkId, null, "certificate");
        (await edges.EnsureAsync(cloud.Call("edge"), spec, Token)).ShouldFail(ErrorClass.DependencyMissing);

        var seen = (await edges.ObserveAsync(cloud.Call("edge"), spec, Token)).ShouldSucceed();
        seen.Should().Match<Observation>(o => o.Exists && !o.InSync && o.ObjectId == cloud.Call("edge").Name);
        var foreign = cloud.Call("edge");
        (await edges.ObserveAsync(foreign with { Marks = foreign.Marks with { Uid = "other" } }, spec, Token)).ShouldSucceed().Exists.Should().BeFalse();

        (await edges.DeleteAsync(cloud.Call("edge") with { ObjectId = seen.ObjectId }, spec, Token)).ShouldSucceed();
        (await edges.ObserveAsync(cloud.Call("edge"), spec, Token)).ShouldSucceed().Exists.Should().BeFalse();
    }

    [Fact]
    public async Task Edge_ChangeThatNobodyWaitsForAnyMore_IsNotMade()
    {
        await using var cloud = new Cloud(fixture);
        var edge = await cloud.EdgeAsync();
        var records = cloud.Provider.Dns.RecordSets;
        var zone = await cloud.MakeAsync<DnsZoneSpec, DnsZoneOutputs>(cloud.Provider.Dns.Zones, "zone", new DnsZoneSpec(edge.EdgeId, "tarmak.test"));
        DnsRecordSetSpec Record(string name) => new(zone.ZoneId, name + ".tarmak.test", "A", 60, ["10.213.6.10"]);

        // The first change waits in the edge for a lock that the test holds, and the second for the first.
        await RunAsync(edge.EdgeId, "setsid flock /var/lib/tarmak-edge/lock sh -c 'touch /run/held; until [ -e /run/free ]; do sleep 0.05; done' > /dev/null 2>&1 < /dev/null & until [ -e /run/held ]; do sleep 0.05; done");
        var first = records.EnsureAsync(cloud.Call("first"), Record("first"), Token);
        await RunAsync(edge.EdgeId, "until pgrep -f edge-apply > /dev/null; do sleep 0.05; done");
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var second = records.EnsureAsync(cloud.Call("second"), Record("second"), caller.Token);
        await caller.CancelAsync();
        await second.Awaiting(s => s).Should().ThrowAsync<OperationCanceledException>();
        await RunAsync(edge.EdgeId, "touch /run/free");

        (await first).ShouldSucceed();
        (await records.EnsureAsync(cloud.Call("third"), Record("third"), Token)).ShouldSucceed();
        (await records.ObserveAsync(cloud.Call("second"), Record("second"), Token)).ShouldSucceed().Exists.Should().BeFalse();
        (await AskAsync(edge, "first.tarmak.test")).Should().Equal("10.213.6.10");
    }

    [Fact]
    public async Task Image_Present_RemovesWhatADeadBuildLeft()
    {
        var image = await fixture.ImageAsync();
        var left = await fixture.Engine.CreateContainerAsync(
            new Docker.DotNet.Models.CreateContainerParameters { Name = fixture.BuilderName, Image = image, Cmd = ["/bin/true"] }, Token);

        (await fixture.Provider.MachineImages.Images.EnsureAsync(TestCalls.Call("base", installation: fixture.Installation), new MachineImageSpec("base"), Token)).ShouldSucceed();

        (await fixture.Engine.FindContainerAsync(left.ID, Token)).Should().BeNull();
    }

    [Fact]
    public async Task Edge_AnswersNamesAndBalances_AndANewContainerServesTheSame()
    {
        await using var cloud = new Cloud(fixture);
        var provider = cloud.Provider;
        var edge = await cloud.EdgeAsync();
        var network = await cloud.InnerAsync("10.213.4.0/24");
        var attachment = new EdgeAttachmentSpec(edge.EdgeId, network.NetworkId, "10.213.4.2");
        (await cloud.MakeAsync<EdgeAttachmentSpec, EdgeAttachmentOutputs>(provider.Network.EdgeAttachments, "attachment", attachment)).Address.Should().Be("10.213.4.2");
        var machine = await cloud.MakeAsync<MachineSpec, MachineOutputs>(provider.Compute.Machines, "machine", await cloud.SpecAsync(network, "10.213.4.10"));
        await RunAsync(machine.MachineId, "setsid ruby -rsocket -e 's = TCPServer.new(9000); loop { c = s.accept; c.puts \"hello\"; c.close }' > /dev/null 2>&1 < /dev/null &");

        var zone = await cloud.MakeAsync<DnsZoneSpec, DnsZoneOutputs>(provider.Dns.Zones, "zone", new DnsZoneSpec(edge.EdgeId, "tarmak.test"));
        var record = new DnsRecordSetSpec(zone.ZoneId, "etcd-0.demo.tarmak.test", "A", 60, ["10.213.4.10"]);
        await cloud.MakeAsync<DnsRecordSetSpec, DnsRecordSetOutputs>(provider.Dns.RecordSets, "record", record);
        (await AskAsync(edge, record.Name)).Should().Equal("10.213.4.10");
        var changed = record with { Values = ["10.213.4.11", "10.213.4.12"] };
        (await provider.Dns.RecordSets.ObserveAsync(cloud.Call("record"), changed, Token)).ShouldSucceed().InSync.Should().BeFalse();
        (await provider.Dns.RecordSets.EnsureAsync(cloud.Call("record"), changed, Token)).ShouldSucceed();
        (await AskAsync(edge, record.Name)).Should().BeEquivalentTo("10.213.4.11", "10.213.4.12");

        // Many at once: each is in force when its step ends, and a refused one harms no other.
        var many = Enumerable.Range(0, 12).Select(n => new DnsRecordSetSpec(zone.ZoneId, $"host-{n}.tarmak.test", "A", 60, [$"10.213.4.{100 + n}"])).ToList();
        var foreign = cloud.Call("foreign");
        var refused = provider.Dns.RecordSets.EnsureAsync(foreign with { Marks = foreign.Marks with { Uid = "other" } }, record, Token);
        await Task.WhenAll(many.Select((m, n) => cloud.MakeAsync<DnsRecordSetSpec, DnsRecordSetOutputs>(provider.Dns.RecordSets, $"many-{n}", m)));
        (await refused).ShouldFail(ErrorClass.Conflict);
        foreach (var one in many)
        {
            (await AskAsync(edge, one.Name)).Should().Equal(one.Values);
        }

        var balancerSpec = new LoadBalancerSpec(edge.EdgeId, network.NetworkId, new HealthCheck("tcp", null, 1, 1, 2, 2), null, 60);
        var balancer = await cloud.MakeAsync<LoadBalancerSpec, LoadBalancerOutputs>(provider.LoadBalancing.Balancers, "balancer", balancerSpec);
        await cloud.MakeAsync<LoadBalancerTargetSpec, LoadBalancerTargetOutputs>(
            provider.LoadBalancing.Targets, "target", new LoadBalancerTargetSpec(balancer.LoadBalancerId, "10.213.4.10", 9000));
        (await HelloAsync(balancer)).Should().Be("hello");

        // A change of names only leaves the balancer alone.
        const string Workers = "pgrep haproxy";
        var workers = await RunAsync(edge.EdgeId, Workers);
        (await provider.Dns.RecordSets.EnsureAsync(cloud.Call("record"), record, Token)).ShouldSucceed();
        (await RunAsync(edge.EdgeId, Workers)).Should().Be(workers);
        (await provider.Dns.RecordSets.EnsureAsync(cloud.Call("record"), changed, Token)).ShouldSucceed();

        // A reload starts from what the servers were known to be.
        var second = await cloud.MakeAsync<LoadBalancerSpec, LoadBalancerOutputs>(provider.LoadBalancing.Balancers, "second", balancerSpec);
        (await RunAsync(edge.EdgeId, "cat /run/tarmak-edge/servers")).Should().Contain("10.213.4.10");
        (await HelloAsync(balancer)).Should().Be("hello");
        (await provider.LoadBalancing.Balancers.DeleteAsync(cloud.Call("second") with { ObjectId = second.LoadBalancerId }, balancerSpec, Token)).ShouldSucceed();

        var owned = await provider.Watch.ListOwnedAsync(Token);
        owned.Should().OnlyContain(o => o.Running);
        owned.Select(o => o.Kind).Where(k => k != ResourceKinds.DnsRecordSet).Append(ResourceKinds.DnsRecordSet).Should().BeEquivalentTo(
            ResourceKinds.Network, ResourceKinds.Network, ResourceKinds.Edge, ResourceKinds.EdgeAttachment, ResourceKinds.EdgeAttachment, ResourceKinds.Machine, ResourceKinds.DnsZone,
            ResourceKinds.DnsRecordSet, ResourceKinds.LoadBalancer, ResourceKinds.LoadBalancerTarget);

        // Cut off, it is listed no more; observing it says the same.
        var attached = (await provider.Network.EdgeAttachments.ObserveAsync(cloud.Call("attachment"), attachment, Token)).ShouldSucceed().ObjectId!;
        owned.Select(o => o.ObjectId).Should().Contain(attached);
        (await provider.Network.EdgeAttachments.DeleteAsync(cloud.Call("attachment") with { ObjectId = attached }, attachment, Token)).ShouldSucceed();
        (await provider.Watch.ListOwnedAsync(Token)).Select(o => o.ObjectId).Should().NotContain(attached);
        (await provider.Network.EdgeAttachments.EnsureAsync(cloud.Call("attachment"), attachment, Token)).ShouldSucceed();

        await fixture.Engine.RemoveContainerAsync(edge.EdgeId, Token);
        (await provider.Dns.RecordSets.ObserveAsync(cloud.Call("record") with { ObjectId = $"{zone.ZoneId}/{record.Name}/A" }, record, Token))
            .ShouldFail(ErrorClass.DependencyMissing);
        (await provider.LoadBalancing.Balancers.ObserveAsync(cloud.Call("balancer"), balancerSpec, Token)).ShouldFail(ErrorClass.DependencyMissing);
        var spec = new EdgeSpec(await fixture.ImageAsync(), owned.First(o => o.Kind == ResourceKinds.Network && o.Marks.Owner.EndsWith("outer", StringComparison.Ordinal)).ObjectId, null, "certificate");
        var again = (await provider.Compute.Edges.EnsureAsync(cloud.Call("edge"), spec, Token)).Outputs<EdgeOutputs>();
        again.Should().Be(edge with { EdgeId = again.EdgeId }).And.NotBe(edge);
        (await AskAsync(again, record.Name)).Should().BeEquivalentTo("10.213.4.11", "10.213.4.12");
        (await provider.Network.EdgeAttachments.EnsureAsync(cloud.Call("attachment"), attachment with { EdgeId = again.EdgeId }, Token)).ShouldSucceed();
        (await HelloAsync(balancer)).Should().Be("hello");
        (await provider.Network.EdgeAttachments.DeleteAsync(cloud.Call("attachment"), attachment with { EdgeId = again.EdgeId }, Token)).ShouldSucceed();
    }

    private static async Task<IEnumerable<string>> AskAsync(EdgeOutputs edge, string name)
    {
        var dns = new LookupClient(new LookupClientOptions(IPEndPoint.Parse(edge.DnsEndpoint)) { UseCache = false, Timeout = TimeSpan.FromSeconds(5) });
        var answer = await dns.QueryAsync(name, QueryType.A, cancellationToken: Token);
        return answer.Answers.ARecords().Select(r => r.Address.ToString());
    }

    private static async Task<string?> HelloAsync(LoadBalancerOutputs balancer)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, balancer.Port, limit.Token);
            using var reader = new StreamReader(client.GetStream());
            try
            {
                if (await reader.ReadLineAsync(limit.Token) is { } line)
                {
                    return line;
                }
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                // The balancer has no healthy target yet and hangs up.
            }
        }
    }

    private async Task<string> RunAsync(string machineId, string script)
    {
        var result = await fixture.Engine.ExecAsync(machineId, ["/bin/sh", "-c", script], Token);
        result.ExitCode.Should().Be(0, result.Errors);
        return result.Output;
    }

    private async Task<IReadOnlyList<string>> SnapshotAsync()
    {
        var docker = fixture.Engine.Client;
        var containers = await docker.Containers.ListContainersAsync(new() { All = true }, CancellationToken.None);
        var networks = await docker.Networks.ListNetworksAsync(new(), CancellationToken.None);
        var volumes = await docker.Volumes.ListAsync(CancellationToken.None);
        return
        [
            .. containers.Select(c => c.Names[0]).Concat(networks.Select(n => n.Name)).Concat((volumes.Volumes ?? []).Select(v => v.Name))
                .Where(n => n.Contains(fixture.Installation, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
    }
}
