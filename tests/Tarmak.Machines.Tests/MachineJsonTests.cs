using System.Text.Json;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Tests;

public sealed class MachineJsonTests
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void State_OfAResource_RoundTrips()
    {
        var state = new MachineState
        {
            Address = MachineAddress.OfCluster("dev", "demo").Capability("volume", "data"),
            Uid = "u1",
            Parent = new ParentLink(MachineAddress.OfCluster("dev", "demo"), "p1"),
            Desired = new Desired(3, "{\"a\":1}", "hash", false, true),
            ObservedGeneration = 2,
            Phase = Phase.Updating,
            PhaseSince = At,
            CreatedAt = At,
            EverReady = true,
            Condition = new Condition("InProgress", "It is being made.", At),
            Outputs = "{}",
            Revision = 7,
            Attempts = 1,
            NextAttemptAt = At,
            TraceParent = "00-1-2-01",
            Resource = new ResourceLedger
            {
                Provider = "cloud",
                Incarnation = 4,
                Object = new ResourceObject("o1", true, "{}", "h", At),
                Intent = new Intent(StepKind.Ensure, "t", "{}", "h", "o1", 4, "handle", At),
                Doubt = true,
                CheckDue = true,
            },
        };

        var read = MachineJson.Read(MachineJson.Write(state));

        read.Should().Be(state with { Children = read.Children });
        read.Children.Should().BeEmpty();
    }

    [Fact]
    public void State_WithChildren_RoundTripsInOrdinalOrder()
    {
        var child = new ChildRecord { Address = MachineAddress.OfEnvironment("x"), Uid = "c", SpecHash = "h", Generation = 1, DependsOn = ["/b", "#volume/a"] };
        var empty = new MachineState { Address = MachineAddress.OfCluster("dev", "demo") };
        var state = empty with { Children = empty.Children.Add("/b", child).Add("#volume/a", child).Add("/B", child) };

        var read = MachineJson.Read(MachineJson.Write(state));

        read.Children.Keys.Should().Equal("#volume/a", "/B", "/b");
        read.Children.KeyComparer.Should().Be(StringComparer.Ordinal);
        read.Children["/b"].DependsOn.Should().Equal("/b", "#volume/a");
    }

    [Fact]
    public void State_WrittenBeforeAMemberExisted_LoadsWithItsDefault()
    {
        const string text = """
            {"schema":1,"address":{"kind":"Capability","key":"dev#network/main"},"uid":"u","phase":"Ready","revision":1,"resource":{"provider":"cloud"}}
            """;

        var read = MachineJson.Read(text);

        read.Children.Should().BeEmpty();
        read.Resource!.Incarnation.Should().Be(1);
    }

    [Fact]
    public void State_OfANewerSchema_IsRefused()
    {
        const string text = """{"schema":2,"address":{"kind":"Environment","key":"dev"}}""";

        var reading = () => MachineJson.Read(text);

        reading.Should().Throw<JsonException>().WithMessage("*newer engine*");
    }

    [Fact]
    public void Null_IsRefused()
    {
        var reading = () => MachineJson.Read("null");

        reading.Should().Throw<JsonException>();
    }

    [Fact]
    public void Fixtures_OfEveryReleasedVersion_Load()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.json");

        files.Should().NotBeEmpty();
        foreach (var file in files)
        {
            var state = MachineJson.Read(File.ReadAllText(file));
            state.Uid.Should().NotBeNullOrEmpty(file);
            MachineJson.Read(MachineJson.Write(state)).ToStatus().Should().Be(state.ToStatus());
        }
    }
}
