using Tarmak.Grains.Moves;
using Tarmak.Machines;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>What moves while it is used, with the real drivers: the same holds whatever it is.</summary>
public abstract class MoveTests
{
    private const int Few = 3;
    private static readonly bool Full = Environment.GetEnvironmentVariable("TARMAK_SWEEP") == "full";

    [Theory]
    [InlineData(0)]
    [InlineData(Few)]
    [InlineData((2 * Copying.PageSize) + 1)]
    public void Values_BoundElsewhere_AreThereAndNoLongerHere(int values)
    {
        var played = Up(values);

        played.Bind("new");
        played.Settle();

        ShouldHaveMoved(played, Enumerable.Range(0, values).ToDictionary(i => Name(played, i), i => $"value {i}"));
    }

    [Fact]
    public void Values_WhileTheNewPlaceDoesNotAnswer_AreServedFromTheOld()
    {
        var played = Up(Few);
        played.Bind("new");
        played.World.Run(() => played.World.StateOf(Copy(played)) is not null);
        played.New.Silent = true;
        played.World.Pass(TimeSpan.FromMinutes(5));

        played.Read(Name(played, 0)).Should().Be("value 0");
        played.Write(played.NameOf("late"), "made meanwhile");
        played.World.StateOf(Copy(played))!.Condition!.Message.Should().Be(
            $"{played.What} cannot be copied to new and are served from old meanwhile: The store does not answer.");
        played.New.Silent = false;
        played.Settle();
        ShouldHaveMoved(played, Expected(played, ("late", "made meanwhile")));
    }

    [Fact]
    public void Values_OfAPlaceThatIsTheSame_AreNotWiped()
    {
        var played = Up(Few, onePlace: true);

        played.Bind("new");
        played.Settle();

        played.InForce.Should().Be(new BindingOutputs(1, "new"));
        played.Owned(played.Old).Should().BeEquivalentTo(Expected(played));
    }

    [Fact]
    public void EachCall_OfTheMove_MayBeTheEnginesLast()
    {
        foreach (var inNew in new[] { false, true })
        {
            var (first, calls) = Calls(inNew);
            for (var call = 0; call < calls; call += Full ? 1 : 3)
            {
                foreach (var before in new[] { true, false })
                {
                    var played = Up(Few);
                    var died = false;
                    Place(played, inNew).At = (number, isBefore) =>
                    {
                        if (!died && number == first + call && isBefore == before)
                        {
                            died = true;
                            throw new DeathException();
                        }
                    };

                    played.Bind("new");
                    played.Settle();

                    died.Should().BeTrue();
                    ShouldHaveMoved(played, Expected(played));
                }
            }
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("change")]
    [InlineData("delete")]
    public void Writes_AtEachCallOfTheMove_AreNotLost(string write)
    {
        foreach (var inNew in new[] { false, true })
        {
            var (first, calls) = Calls(inNew);
            for (var call = 0; call < calls; call += Full ? 1 : 2)
            {
                var played = Up(Few);
                var wrote = false;
                Place(played, inNew).At = (number, isBefore) =>
                {
                    if (!wrote && number == first + call && isBefore)
                    {
                        wrote = true;
                        Write(played, write);
                    }
                };

                played.Bind("new");
                played.Settle();

                wrote.Should().BeTrue();
                ShouldHaveMoved(played, After(played, write));
            }
        }
    }

    [Theory]
    [InlineData(DeathScope.Activation)]
    [InlineData(DeathScope.Process)]
    public void Death_AtEachPoint_LosesNothing(DeathScope scope)
    {
        var rehearsed = Up(Few);
        var first = rehearsed.World.Points;
        rehearsed.Bind("new");
        rehearsed.Settle();
        for (var point = first; point < rehearsed.World.Points; point += Full ? 1 : 3)
        {
            var played = Up(Few);
            played.World.DieAt(point, scope);

            played.Bind("new");
            played.Settle();

            ShouldHaveMoved(played, Expected(played));
        }
    }

    [Theory]
    [InlineData("create")]
    [InlineData("change")]
    [InlineData("delete")]
    public void Binding_TakenBackAtEachMoment_KeepsWhatWasWrittenMeanwhile(string write)
    {
        for (var milliseconds = 0; milliseconds < 7_000; milliseconds += Full ? 25 : 100)
        {
            var played = Up(Few);
            played.Bind("new");
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));

            // Accepted, while what was begun before may still be under way.
            played.Bind(null);
            played.World.Run(() => played.IsAccepted);
            Write(played, write);
            played.Settle();

            var place = played.InForce;
            (place?.Provider ?? "old").Should().Be("old");
            played.Owned(played.Old).Should().BeEquivalentTo(After(played, write), $"it was taken back after {milliseconds} ms");
            played.Owned(played.New).Should().BeEmpty();
        }
    }

    [Fact]
    public void Write_DecidedBeforeAndDoneAfterTheMove_IsWhereTheValuesAreNow()
    {
        var played = Up(Few);
        var moved = false;
        played.Old.At = (_, before) =>
        {
            if (before && !moved)
            {
                // The writer has seen that they are at the old place and has not written: now all is moved and wiped.
                moved = true;
                played.Old.At = null;
                played.Bind("new");
                played.Settle();
            }
        };

        played.Write(played.NameOf("late"), "late");

        moved.Should().BeTrue();
        played.Read(played.NameOf("late")).Should().Be("late");
        played.Owned(played.New).Should().BeEquivalentTo(Expected(played, ("late", "late")));
    }

    /// <summary>A world in which nothing is yet.</summary>
    private protected abstract MovingWorld NewWorld(bool onePlace);

    private protected MovingWorld Up(int values, bool onePlace = false)
    {
        var played = NewWorld(onePlace);
        played.Up(values);
        return played;
    }

    private protected static void ShouldHaveMoved(MovingWorld played, Dictionary<string, string> values)
    {
        played.InForce.Should().Be(new BindingOutputs(1, "new"));
        played.Owned(played.New).Should().BeEquivalentTo(values);
        played.Owned(played.Old).Should().BeEmpty();
        played.World.StateOf(MovingWorld.Dev)!.Phase.Should().Be(Phase.Ready);
    }

    private static void Write(MovingWorld played, string write)
    {
        switch (write)
        {
            case "create":
                played.Write(played.NameOf("b"), "new");
                break;
            case "change":
                played.Write(Name(played, 1), "changed");
                break;
            default:
                played.Delete(Name(played, 1));
                break;
        }
    }

    private static Dictionary<string, string> After(MovingWorld played, string write)
    {
        var all = Expected(played);
        switch (write)
        {
            case "create":
                all[played.NameOf("b")] = "new";
                break;
            case "change":
                all[Name(played, 1)] = "changed";
                break;
            default:
                all.Remove(Name(played, 1));
                break;
        }

        return all;
    }

    private (int First, int Count) Calls(bool inNew)
    {
        var played = Up(Few);
        var before = Place(played, inNew).Calls;
        played.Bind("new");
        played.Settle();
        return (before, Place(played, inNew).Calls - before);
    }

    private static Kept Place(MovingWorld played, bool inNew) => inNew ? played.New : played.Old;

    private static string Name(MovingWorld played, int i) => played.NameOf($"c{i:D3}");

    private static MachineAddress Copy(MovingWorld played) => MovingWorld.Dev.Capability(played.CopyKind, played.CopyTitle);

    private protected static Dictionary<string, string> Expected(MovingWorld played, params (string Word, string Value)[] more) =>
        Enumerable.Range(0, Few).Select(i => (Name: Name(played, i), Value: $"value {i}"))
            .Concat(more.Select(m => (Name: played.NameOf(m.Word), m.Value))).ToDictionary(s => s.Name, s => s.Value);
}
