using Tarmak.Grains.Moves;
using Tarmak.Machines.Steps;
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
        played.Old.Silent = true;

        played.Bind(null);
        played.World.Pass(TimeSpan.FromMinutes(1));

        played.Placed.Should().BeNull();
    }

    [Fact]
    public void Storage_NeverBoundAnew_IsAtItsFirstPlace()
    {
        var played = new StorageWorld();

        played.Up(0);

        played.Placed.Should().BeEquivalentTo(new PlacedStorage(new PlacedBucket(0, "old", StorageWorld.BucketAt(0)), []));
    }

    [Fact]
    public void Storage_BoundAnew_IsAtTheNewPlaceOnceThatIsInForce()
    {
        var played = new StorageWorld();
        played.Up(1);
        var seen = new List<(int InForce, int Copies)>();
        played.World.Committed = _ =>
        {
            var placed = played.Placed!;
            if (seen.Count == 0 || seen[^1] != (placed.InForce.Place, placed.Copies.Length))
            {
                seen.Add((placed.InForce.Place, placed.Copies.Length));
            }
        };

        played.Bind("new");
        played.Settle();

        seen.Should().Equal([(0, 0), (0, 1), (1, 0)], "there is always a place in force, and one only, and a whole copy before another one is");
        played.Placed!.InForce.Should().Be(new PlacedBucket(1, "new", StorageWorld.BucketAt(1)));
    }
}
