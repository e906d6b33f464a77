using Tarmak.Grains.Moves;
using Tarmak.Machines.Simulation;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Tests.Moves;

/// <summary>Secrets that move while they are used, with the real drivers.</summary>
public sealed class SecretMoveTests
{
    private const int Few = 3;
    private static readonly bool Full = Environment.GetEnvironmentVariable("TARMAK_SWEEP") == "full";

    [Theory]
    [InlineData(0)]
    [InlineData(Few)]
    [InlineData((2 * SecretCopying.PageSize) + 1)]
    public void Secrets_Bound_ElsewhereAreThereAndNoLongerHere(int secrets)
    {
        var played = new SecretWorld().Up(secrets);

        played.Bind("new");
        played.Settle();

        ShouldHaveMoved(played, Enumerable.Range(0, secrets).ToDictionary(SecretWorld.Name, i => $"key {i}"));
    }

    [Fact]
    public void Secrets_WhileTheNewPlaceDoesNotAnswer_AreServedFromTheOld()
    {
        var played = new SecretWorld().Up(Few);
        played.New.Silent = true;

        played.Bind("new");
        played.World.Pass(TimeSpan.FromMinutes(5));

        played.Read(SecretWorld.Name(0)).Should().Be("key 0");
        played.Create("authorities/dev/late/etcd", "made meanwhile").Should().Be("made meanwhile");
        played.World.StateOf(SecretWorld.Dev.Capability(ResourceKinds.SecretCopy, "main-1"))!.Condition!.Message.Should().Be(
            "The secrets of environment dev cannot be copied to new and are served from old meanwhile: The vault does not answer.");
        played.New.Silent = false;
        played.Settle();
        ShouldHaveMoved(played, Expected(("authorities/dev/late/etcd", "made meanwhile")));
    }

    [Fact]
    public void Secrets_OfAPlaceThatIsTheSame_AreNotWiped()
    {
        var played = new SecretWorld(oneVault: true).Up(Few);

        played.Bind("new");
        played.Settle();

        played.InForce.Should().Be(new BindingOutputs(1, "new"));
        Owned(played.Old).Should().BeEquivalentTo(Expected());
    }

    [Fact]
    public void EachCall_OfTheMove_MayBeTheEnginesLast()
    {
        foreach (var inNew in new[] { false, true })
        {
            var calls = Calls(inNew);
            for (var call = 0; call < calls; call += Full ? 1 : 3)
            {
                foreach (var before in new[] { true, false })
                {
                    var played = new SecretWorld().Up(Few);
                    var died = false;
                    Vault(played, inNew).At = (number, isBefore) =>
                    {
                        if (!died && number == Base(inNew) + call && isBefore == before)
                        {
                            died = true;
                            throw new DeathException();
                        }
                    };

                    played.Bind("new");
                    played.Settle();

                    died.Should().BeTrue();
                    ShouldHaveMoved(played, Expected());
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
            var calls = Calls(inNew);
            for (var call = 0; call < calls; call += Full ? 1 : 2)
            {
                var played = new SecretWorld().Up(Few);
                var wrote = false;
                Vault(played, inNew).At = (number, isBefore) =>
                {
                    if (!wrote && number == Base(inNew) + call && isBefore)
                    {
                        wrote = true;
                        Write(played, write);
                    }
                };

                played.Bind("new");
                played.Settle();

                wrote.Should().BeTrue();
                ShouldHaveMoved(played, After(write));
            }
        }
    }

    [Theory]
    [InlineData(DeathScope.Activation)]
    [InlineData(DeathScope.Process)]
    public void Death_AtEachPoint_LosesNothing(DeathScope scope)
    {
        var rehearsed = new SecretWorld().Up(Few);
        var first = rehearsed.World.Points;
        rehearsed.Bind("new");
        rehearsed.Settle();
        for (var point = first; point < rehearsed.World.Points; point += Full ? 1 : 3)
        {
            var played = new SecretWorld().Up(Few);
            played.World.DieAt(point, scope);

            played.Bind("new");
            played.Settle();

            ShouldHaveMoved(played, Expected());
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
            var played = new SecretWorld().Up(Few);
            played.Bind("new");
            played.World.Pass(TimeSpan.FromMilliseconds(milliseconds));

            // Accepted, while what was begun before may still be under way.
            played.Bind(null);
            played.World.Run(() => played.IsAccepted);
            Write(played, write);
            played.Settle();

            var place = played.InForce;
            (place?.Provider ?? "old").Should().Be("old");
            Owned(played.Old).Should().BeEquivalentTo(After(write), $"it was taken back after {milliseconds} ms");
            Owned(played.New).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Write_DecidedBeforeAndDoneAfterTheMove_IsWhereTheSecretsAreNow()
    {
        var played = new SecretWorld().Up(Few);
        var store = await played.Store("dev", CancellationToken.None);
        var moved = false;
        played.Old.At = (_, before) =>
        {
            if (before && !moved)
            {
                // The writer has seen that the secrets are at the old place and has not written: now all is moved and wiped.
                moved = true;
                played.Old.At = null;
                played.Bind("new");
                played.Settle();
            }
        };

        await store.CreateIfAbsentAsync("authorities/dev/late/etcd", "late"u8.ToArray(), CancellationToken.None);

        moved.Should().BeTrue();
        played.Read("authorities/dev/late/etcd").Should().Be("late");
        Owned(played.New).Should().BeEquivalentTo(Expected(("authorities/dev/late/etcd", "late")));
    }

    private static void Write(SecretWorld played, string write)
    {
        switch (write)
        {
            case "create":
                played.Create("authorities/dev/b/etcd", "new");
                break;
            case "change":
                played.Set(SecretWorld.Name(1), "changed").Should().BeTrue();
                break;
            default:
                played.Delete(SecretWorld.Name(1));
                break;
        }
    }

    private static Dictionary<string, string> After(string write)
    {
        var all = Expected();
        switch (write)
        {
            case "create":
                all["authorities/dev/b/etcd"] = "new";
                break;
            case "change":
                all[SecretWorld.Name(1)] = "changed";
                break;
            default:
                all.Remove(SecretWorld.Name(1));
                break;
        }

        return all;
    }

    private static int Base(bool inNew) => Vault(new SecretWorld().Up(Few), inNew).Calls;

    private static int Calls(bool inNew)
    {
        var played = new SecretWorld().Up(Few);
        var before = Vault(played, inNew).Calls;
        played.Bind("new");
        played.Settle();
        return Vault(played, inNew).Calls - before;
    }

    private static Vault Vault(SecretWorld played, bool inNew) => inNew ? played.New : played.Old;

    private static Dictionary<string, string> Expected(params (string Name, string Value)[] more) =>
        Enumerable.Range(0, Few).Select(i => (Name: SecretWorld.Name(i), Value: $"key {i}")).Concat(more).ToDictionary(s => s.Name, s => s.Value);

    private static Dictionary<string, string> Owned(Vault vault) =>
        vault.Content.Where(s => s.Key.StartsWith("authorities/dev/", StringComparison.Ordinal)).ToDictionary();

    private static void ShouldHaveMoved(SecretWorld played, Dictionary<string, string> secrets)
    {
        played.InForce.Should().Be(new BindingOutputs(1, "new"));
        Owned(played.New).Should().BeEquivalentTo(secrets);
        played.Old.Content.Should().BeEquivalentTo(new Dictionary<string, string> { ["authorities/devil/demo/etcd"] = "another's" }, "only what was moved is wiped");
        played.World.StateOf(SecretWorld.Dev)!.Phase.Should().Be(Phase.Ready);
    }
}
