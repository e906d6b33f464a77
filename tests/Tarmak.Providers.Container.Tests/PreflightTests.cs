using System.Net;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Networks;

namespace Tarmak.Providers.Container.Tests;

public sealed class PreflightTests
{
    private const string Demo = "dev/demo#network/main";

    [Fact]
    public void Network_OfTheSameClusterThatIsStillLeaving_IsNoObstacle()
    {
        var taken = Taken("10.99.0.0/16", Demo, "ours");

        Preflight.Networks([(Demo, "10.99.0.0/16")], [taken], "ours").Should().BeEmpty();
    }

    [Theory]
    [InlineData("dev/other#network/main", "ours")]
    [InlineData(Demo, "another")]
    public void Network_OfAnybodyElse_IsAnObstacleToldByTheCluster(string owner, string installation)
    {
        var taken = Taken("10.99.0.0/16", owner, installation);

        Preflight.Networks([(Demo, "10.99.0.0/16")], [taken], "ours").Should().ContainSingle()
            .Which.Should().StartWith("dev/demo: The address range 10.99.0.0/16 overlaps").And.EndWith("is free.");
    }

    [Fact]
    public void Ports_OfALiveEdge_MayStay()
    {
        (PortBlock, IDictionary<string, string>) own = (new PortBlock(21000, 21015), Marks("dev#edge/main", "ours"));

        Preflight.EdgePorts([("dev", "21000-21015")], [own], "ours", TakenFrom(21000, 21015)).Should().BeEmpty();
    }

    [Fact]
    public void Ports_ChangedToOnesThatAreTaken_AreToldBeforeTheOldEdgeGoes()
    {
        (PortBlock, IDictionary<string, string>) own = (new PortBlock(21000, 21015), Marks("dev#edge/main", "ours"));

        var said = Preflight.EdgePorts([("dev", "21008-21023")], [own], "ours", TakenFrom(21000, 21016));

        said.Should().Equal("dev: port 21016 of the edge's ports 21008-21023 is taken on 127.0.0.1; 21032-21047 are free.");
    }

    [Fact]
    public void Ports_ThatAStoppedEdgeOfAnotherKeeps_AreNotFree()
    {
        (PortBlock, IDictionary<string, string>) other = (new PortBlock(21000, 21015), Marks("prod#edge/main", "another"));

        var said = Preflight.EdgePorts([("dev", "21010-21025")], [other], "ours", (_, _) => null);

        said.Should().Equal("dev: the edge's ports 21010-21025 overlap 21000-21015, which another edge keeps; 21016-21031 are free.");
    }

    private static Func<PortBlock, PortBlock?, int?> TakenFrom(int first, int last) => (block, own) =>
        Enumerable.Range(block.First, block.Last - block.First + 1)
            .Where(port => port >= first && port <= last && !(port >= own?.First && port <= own.Last))
            .Select(port => (int?)port).FirstOrDefault();

    private static TakenRange Taken(string cidr, string owner, string installation) => new("network theirs", IPNetwork.Parse(cidr), Marks(owner, installation));

    private static Dictionary<string, string> Marks(string owner, string installation) =>
        new OwnerMarks(installation, owner.Split('/', '#')[0], null, "uid", owner).ToLabels();
}
