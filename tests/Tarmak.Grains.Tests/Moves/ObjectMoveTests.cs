using Tarmak.Machines.State;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>Objects that move.</summary>
public sealed class ObjectMoveTests : MoveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Copy_ThatReadsOtherwise_IsNotTakenForWhole()
    {
        var played = (StorageWorld)Up(3);
        ((Warehouse)played.New).Spoil = text => text == "value 1" ? "spoilt" : text;

        played.Bind("new");
        played.World.Pass(TimeSpan.FromMinutes(5));

        played.InForce.Should().Be(new BindingOutputs(0, "old"));
        played.Owned(played.Old).Should().BeEquivalentTo(Expected(played));
        played.World.StateOf(MovingWorld.Dev.Capability(ResourceKinds.ObjectCopy, "backups-1"))!.Condition!.Message.Should().EndWith(
            "served from old meanwhile: The copy of c001 reads otherwise than it was written.");
        ((Warehouse)played.New).Spoil = null;
        played.Settle();
        ShouldHaveMoved(played, Expected(played));
    }

    [Fact]
    public async Task Write_OnACondition_HoldsItAtThePlaceInForceAndIsInTheCopy()
    {
        var played = (StorageWorld)Up(1);
        played.Bind("new");
        played.World.Run(() => played.Placed!.Copies.Length == 1);
        var present = await played.Storage.GetAsync("c000", Token);

        var refused = await played.Storage.PutAsync("c000", "refused"u8.ToArray(), new PutCondition("of another"), Token);
        var written = await played.Storage.PutAsync("c000", "written"u8.ToArray(), new PutCondition(present!.ETag), Token);

        refused.Should().BeNull();
        written.Should().NotBeNull();
        played.Owned(played.Old).Should().BeEquivalentTo(played.Owned(played.New)).And.Contain("c000", "written");
    }

    [Fact]
    public async Task Objects_WithoutABucketYet_AreNowhere()
    {
        var played = new StorageWorld();
        played.Old.Silent = true;
        played.Bind(null);
        played.World.Pass(TimeSpan.FromMinutes(1));

        var reading = () => played.Storage.ListAsync("", Token);

        (await reading.Should().ThrowAsync<ProviderException>().WithMessage("Environment dev has no bucket for backups yet."))
            .Which.Error.Should().Be(ErrorClass.DependencyMissing);
    }

    [Fact]
    public void Objects_OfABucketThatWasNeverMade_HoldUpNoMove()
    {
        var played = new StorageWorld();
        played.Old.Silent = true;
        played.Bind(null);
        played.World.Pass(TimeSpan.FromMinutes(1));

        played.Bind("new");
        played.World.Run(() => played.InForce == new BindingOutputs(1, "new"));

        played.Write("a", "first");
        played.Old.Silent = false;
        played.Settle();
        ShouldHaveMoved(played, new Dictionary<string, string> { ["a"] = "first" });
    }

    [Fact]
    public void Environment_DeletedWhileItsObjectsMove_TakesThemAlongOnlyWithTheirBuckets()
    {
        for (var milliseconds = 0; milliseconds < 7_000; milliseconds += 500)
        {
            var played = (StorageWorld)Up(3);
            played.Bind("new");
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));
            var deleting = false;
            played.World.Committed = state =>
            {
                deleting |= state.Address == MovingWorld.Dev && state.Desired!.Deleting;
                if (deleting && state.Address.ResourceKind == ResourceKinds.ObjectCopy && state.Phase == Phase.Deleted)
                {
                    played.Owned(played.Old).Concat(played.Owned(played.New)).Select(o => o.Value).Should().Contain(["value 0", "value 1", "value 2"]);
                }
            };

            played.World.Delete(MovingWorld.Dev, "root", dataLossConsent: true);
            played.Settle();

            played.World.StateOf(MovingWorld.Dev)!.Phase.Should().Be(Phase.Deleted, $"it was deleted after {milliseconds} ms");
            played.Owned(played.Old).Should().BeEmpty();
            played.Owned(played.New).Should().BeEmpty();
        }
    }

    private protected override MovingWorld NewWorld(bool onePlace) => new StorageWorld(onePlace);
}
