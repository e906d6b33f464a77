using Tarmak.Machines.Clusters;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Manifests;
using Tarmak.Model.Resources;
using static Tarmak.Machines.Tests.Rehearsal.QuickstartWorld;

namespace Tarmak.Machines.Tests.Rehearsal;

/// <summary>Bindings of a live environment that are changed: the new place is made and verified before the old one goes.</summary>
public sealed class RebindTests
{
    private static readonly MachineAddress Record = Demo.Capability(ResourceKinds.DnsRecordSet, "etcd");
    private static readonly MachineAddress NextRecord = Demo.Capability(ResourceKinds.DnsRecordSet, "etcd-1");

    public static TheoryData<string> Keys => ["secretStore", "configuration", "dns", "state", "backups"];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Binding_Moved_IsServedFromTheNewPlaceAndTheOldIsGone(string key)
    {
        var played = new QuickstartWorld().Up();
        var machines = Machines(played);

        played.PutEnvironment(Bound(key));
        played.Settle();

        played.ShouldBeReady(Moved(key));
        InForce(played, key).Should().Be(new BindingOutputs(1, "other"));
        Machines(played).Should().Equal(machines, "no machine is touched by a move");
        Objects(key, 1).Should().OnlyContain(a => played.World.StateOf(a)!.Resource!.Provider == "other");
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Binding_MovedBack_EndsWhereItBegan(string key)
    {
        var played = new QuickstartWorld().Up();
        played.PutEnvironment(Bound(key));
        played.Settle();

        played.PutEnvironment(Quickstart.Environment);
        played.Settle();

        played.ShouldBeReady(Moved(key, place: 0));
        InForce(played, key).Should().Be(new BindingOutputs(0, "laptop"));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Binding_TakenBackOnTheWay_EndsWhereItBegan(string key)
    {
        for (var milliseconds = 0; milliseconds < 12_000; milliseconds += Sweep.Size(3500, 50))
        {
            var played = new QuickstartWorld(tracing: false).Up();
            played.PutEnvironment(Bound(key));
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));

            played.PutEnvironment(Quickstart.Environment);
            played.Settle();

            played.ShouldBeReady(Moved(key, place: 0, binding: played.World.StateOf(Dev.Capability(ResourceKinds.Binding, key)) is { Phase: not Phase.Deleted }, cluster: played));
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Binding_ToAPlaceThatDoesNotAnswer_LeavesTheClusterServedFromTheOld(string key)
    {
        var played = new QuickstartWorld().Up();
        var before = played.World.Cloud.Living.ToDictionary(o => o.Owner, o => (o.Id, o.Parameters));
        played.World.Cloud.Refuse = call => call.Provider == "other" && call.Step != StepKind.Delete
            ? new StepOutcome.Failed(ErrorClass.Transient, "other does not answer.") : null;

        played.PutEnvironment(Bound(key));
        played.World.Pass(TimeSpan.FromMinutes(10));

        played.Cluster!.Phase.Should().Be(Phase.Ready);
        InForce(played, key).Should().Be(new BindingOutputs(0, "laptop"));
        played.World.Cloud.Living.ToDictionary(o => o.Owner, o => (o.Id, o.Parameters)).Should().Contain(before);
        played.World.StateOf(Dev.Capability(ObjectKind(key), BoundPlace.TitleOf(Title(key), 1)))!.Condition!.Message.Should().Be("other does not answer.");

        // What was begun there is taken back once it can be looked at.
        played.World.Cloud.Refuse = null;
        played.PutEnvironment(Quickstart.Environment);
        played.Settle();

        played.ShouldBeReady(Moved(key, place: 0, clusterBinding: false));
    }

    [Fact]
    public void Dns_BeforeTheNewRecordWasVerified_KeepsTheOldOneAndItsName()
    {
        var played = new QuickstartWorld().Up();
        var verifying = false;
        played.World.Cloud.Refuse = call => call.Owner == Demo.Capability(ResourceKinds.Binding, "dns") && !verifying
            ? new StepOutcome.Failed(ErrorClass.Transient, "It is not to be seen.") : null;

        played.PutEnvironment(Bound("dns"));
        played.World.Pass(TimeSpan.FromMinutes(10));
        var both = (played.World.StateOf(Record)!.Phase, played.World.StateOf(NextRecord)!.Phase);
        var name = DesiredJson.Read<ClusterOutputs>(played.Cluster!.Outputs!).EtcdDnsName;
        verifying = true;
        played.Settle();

        both.Should().Be((Phase.Ready, Phase.Ready));
        name.Should().Be("etcd.dev-demo.dev.example.test");
        played.ShouldBeReady(Moved("dns"));
        DesiredJson.Read<ClusterOutputs>(played.Cluster!.Outputs!).EtcdDnsName.Should().Be("etcd.dev-demo.k8s.office.test");
    }

    [Fact]
    public void Secrets_OfTheOldPlace_GoOnlyWhenTheNewOneIsInForce()
    {
        var played = new QuickstartWorld().Up();
        played.World.Committed = state =>
        {
            if (state.Address == Dev.Capability(ResourceKinds.SecretCopy, "main") && state.Desired!.Deleting)
            {
                InForce(played, "secretStore").Place.Should().Be(1);
            }
        };

        played.PutEnvironment(Bound("secretStore"));
        played.Settle();

        played.ShouldBeReady(Moved("secretStore"));
    }

    [Fact]
    public void Everything_MovedAndThenDeleted_LeavesNothing()
    {
        var played = new QuickstartWorld().Up();
        played.PutEnvironment(All());
        played.Settle();

        played.DeleteCluster(consent: true);
        played.DeleteEnvironment(consent: true);
        played.Settle();

        played.World.Cloud.Living.Should().BeEmpty();
    }

    [Fact]
    public void Environment_DeletedOnTheWay_LeavesNothing()
    {
        for (var milliseconds = 0; milliseconds < 12_000; milliseconds += Sweep.Size(2900, 100))
        {
            var played = new QuickstartWorld(tracing: false).Up();
            played.PutEnvironment(All());
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));

            played.DeleteCluster(consent: true);
            played.DeleteEnvironment(consent: true);
            played.Settle();

            played.World.Cloud.Living.Should().BeEmpty("it was deleted after {0} ms", milliseconds);
        }
    }

    [Fact]
    public void Cluster_DeclaredAfterTheMove_IsMadeAtTheNewPlaces()
    {
        var played = new QuickstartWorld().Up();
        played.PutEnvironment(All());
        played.DeleteCluster(consent: true);
        played.Settle();

        played.PutCluster(Quickstart.Cluster);
        played.Settle();

        played.Cluster!.Phase.Should().Be(Phase.Ready);
        played.World.StateOf(NextRecord)!.Resource!.Provider.Should().Be("other");
        ResourceJson.Read<BundleSpec>(played.Object(ObjectOf(EtcdInstance(0), ResourceKinds.Bundle)).Parameters).BucketProvider.Should().Be("other");
    }

    [Theory]
    [InlineData("secretStore", DeathScope.Activation)]
    [InlineData("secretStore", DeathScope.Process)]
    [InlineData("configuration", DeathScope.Activation)]
    [InlineData("configuration", DeathScope.Process)]
    [InlineData("dns", DeathScope.Activation)]
    [InlineData("dns", DeathScope.Process)]
    public void Death_OnTheWay_EndsTheSame(string key, DeathScope scope)
    {
        var (first, points) = Move(new QuickstartWorld(tracing: false), key, null, scope);
        points.Should().BeGreaterThan(first + 20);
        var failures = new List<string>();
        for (var point = first; point < points && failures.Count < 3; point += Sweep.Size(key == "configuration" ? 41 : 9, 1))
        {
            var played = new QuickstartWorld();
            try
            {
                Move(played, key, point, scope);
            }
            catch (Exception e) when (e is SimulationFailedException or Xunit.Sdk.XunitException)
            {
                failures.Add($"Death at point {point}:\n{e.Message}\n{played.World.Failure("").Message}");
            }
        }

        failures.Should().BeEmpty();
    }

    private static (long First, long Points) Move(QuickstartWorld played, string key, long? death, DeathScope scope)
    {
        played.Up();
        var first = played.World.Points;
        if (death is { } point)
        {
            played.World.DieAt(point, scope);
        }

        played.PutEnvironment(Bound(key));
        played.Settle();
        played.ShouldBeReady(Moved(key));
        InForce(played, key).Place.Should().Be(1);
        return (first, played.World.Points);
    }

    private static Dictionary<MachineAddress, string> Machines(QuickstartWorld played) =>
        played.World.Cloud.Living.Where(o => o.Kind is ResourceKinds.Machine or ResourceKinds.Volume).ToDictionary(o => o.Owner, o => o.Id);

    private static BindingOutputs InForce(QuickstartWorld played, string key) =>
        ResourceJson.Read<BindingOutputs>(played.World.StateOf(Dev.Capability(ResourceKinds.Binding, key))!.Outputs!);

    private static EnvironmentSpec Bound(string key) => Quickstart.Environment with { Overrides = new Dictionary<string, CapabilityOverride> { [key] = Other(key) } };

    private static EnvironmentSpec All() =>
        Quickstart.Environment with { Overrides = Keys.Select(row => row.Data).ToDictionary(key => key, Other) };

    private static CapabilityOverride Other(string key) => new() { Provider = "other", Zone = key == "dns" ? "k8s.office.test" : null };

    private static string ObjectKind(string key) => key switch
    {
        "secretStore" => ResourceKinds.SecretCopy,
        "dns" => ResourceKinds.DnsZone,
        _ => ResourceKinds.Bucket,
    };

    private static string Title(string key) => key switch
    {
        "secretStore" => "main",
        "dns" => "public",
        _ => key,
    };

    private static IEnumerable<MachineAddress> Objects(string key, int place, bool copied = true) =>
    [
        .. key != "secretStore" || copied ? [Dev.Capability(ObjectKind(key), BoundPlace.TitleOf(Title(key), place))] : Array.Empty<MachineAddress>(),
        .. BoundPlace.CopiedUses.Contains(key) && copied ? [Dev.Capability(ResourceKinds.ObjectCopy, BoundPlace.TitleOf(key, place))] : Array.Empty<MachineAddress>(),
        .. key == "dns" ? [place == 0 ? Record : NextRecord] : Array.Empty<MachineAddress>(),
    ];

    /// <summary>What is declared once a binding is at another place.</summary>
    private static List<MachineAddress> Moved(string key, int place = 1, bool binding = true, bool clusterBinding = true, QuickstartWorld? cluster = null) =>
    [
        .. Declared().Except(Objects(key, 0)),
        .. Objects(key, place, copied: binding),
        .. binding ? [Dev.Capability(ResourceKinds.Binding, key)] : Array.Empty<MachineAddress>(),
        .. key == "dns" && clusterBinding && (cluster is null || cluster.World.StateOf(Demo.Capability(ResourceKinds.Binding, key)) is { Phase: not Phase.Deleted })
            ? [Demo.Capability(ResourceKinds.Binding, key)] : Array.Empty<MachineAddress>(),
    ];
}
