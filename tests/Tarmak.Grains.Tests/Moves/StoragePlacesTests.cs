using Tarmak.Grains.Moves;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;

namespace Tarmak.Grains.Tests.Moves;

public sealed class StoragePlacesTests
{
    [Fact]
    public void Storage_OfNoEnvironment_IsRefused()
    {
        var played = new StorageWorld();

        var asked = () => played.Placed;

        asked.Should().Throw<ProviderException>().Which.Error.Should().Be(ErrorClass.DependencyMissing);
    }

    [Fact]
    public void Storage_BeforeItsBucketIsMade_IsNowhereYet()
    {
        var played = new StorageWorld();
        played.World.Cloud.Refuse = call => call.Kind == ResourceKinds.Bucket ? new StepOutcome.Failed(ErrorClass.Transient, "It does not answer.") : null;

        played.Bind(null);
        played.World.Pass(TimeSpan.FromMinutes(1));

        played.Placed.Should().BeNull();
    }

    [Fact]
    public void Storage_NeverBoundAnew_IsAtItsFirstPlace()
    {
        var played = new StorageWorld();

        played.Bind(null);
        played.Settle();

        played.Placed.Should().BeEquivalentTo(new PlacedStorage(new PlacedBucket(0, "old", played.BucketAt(0)), []));
    }

    [Fact]
    public void Storage_BoundAnew_IsAtTheNewPlaceOnceThatIsInForce()
    {
        var played = new StorageWorld();
        played.Bind(null);
        played.Settle();
        var seen = new List<int>();
        played.World.Committed = _ =>
        {
            if (played.Placed is { } placed && (seen.Count == 0 || seen[^1] != placed.InForce.Place))
            {
                seen.Add(placed.InForce.Place);
            }
        };

        played.Bind("new");
        played.Settle();

        seen.Should().Equal([0, 1], "there is always a place in force, and one only");
        played.Placed!.InForce.Should().Be(new PlacedBucket(1, "new", played.BucketAt(1)));
    }
}
