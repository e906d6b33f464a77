using Tarmak.Machines.Budgets;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Tests;

/// <summary>A machine whose account has no calls left.</summary>
public sealed class ResourceMachineBudgetTests
{
    private static readonly StepOutcome Making = new StepOutcome.InProgress("h", TimeSpan.FromSeconds(2), "It is being made.");

    private static Bench Of(bool shared = false, ChangeEffect change = ChangeEffect.Update) => new(
        new ResourceMachine((_, kind) => new ResourceTraits
        {
            Kind = kind,
            EnsureResolution = UnknownResolution.Replay,
            CallDeadline = TimeSpan.FromSeconds(20),
            Shared = shared,
            Compare = (was, wanted) => was == wanted ? ChangeEffect.None : change,
        }),
        MachineAddress.OfCluster("dev", "demo").Capability("volume", "data"));

    private static Bench Spent(bool shared = false)
    {
        var bench = Of(shared);
        bench.Admits = static _ => false;
        return bench;
    }

    [Fact]
    public void Apply_NoCallIsLeft_WaitsWithoutAnIntent()
    {
        var bench = Spent();

        bench.Apply("a");

        bench.Waits.Should().Be(new CallAsk("cloud", "volume", false, CallClass.Create, "dev"));
        bench.Outstanding.Should().BeNull();
        bench.State.Resource!.Intent.Should().BeNull();
        bench.State.AtRest.Should().BeFalse();
    }

    [Fact]
    public void Admitted_WhileItWaits_IntendsAndCalls_HoweverLongItTook()
    {
        var bench = Spent();
        bench.Apply("a");
        bench.Now += TimeSpan.FromHours(1);
        bench.Admits = static _ => true;

        bench.Give(new MachineInput.Admitted());

        bench.Call.Step.Should().Be(StepKind.Ensure);
        bench.State.Resource!.Intent!.WrittenAt.Should().Be(bench.Now);
        bench.Waits.Should().BeNull();
    }

    [Fact]
    public void Admitted_WithoutHavingWaited_ChangesNothing()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Made();
        var before = bench.State;

        bench.Give(new MachineInput.Admitted());

        bench.State.Should().BeEquivalentTo(before);
        bench.Outstanding.Should().BeNull();
    }

    [Fact]
    public void Delete_WhileItWaitsToBeMade_EndsWithoutACall()
    {
        var bench = Spent();
        bench.Apply("a");

        bench.Delete();

        bench.State.Phase.Should().Be(Phase.Deleted);
        bench.Waits.Should().BeNull();
    }

    [Fact]
    public void Wish_RepeatedWhileItWaits_KeepsItsPlace()
    {
        var bench = Spent();
        bench.Apply("a");
        var waits = bench.Waits;

        bench.Apply("a");
        bench.Wake();

        bench.Waits.Should().Be(waits);
    }

    [Fact]
    public void LongWait_IsShown_AndForgottenWhenItEnds()
    {
        var bench = Spent();
        bench.Apply("a");

        bench.Later();
        bench.State.Condition!.Reason.Should().Be(Condition.BudgetSpent);
        bench.WakeAt.Should().BeNull();

        bench.Admits = static _ => true;
        bench.Give(new MachineInput.Admitted());
        bench.State.Condition.Should().BeNull();
    }

    [Fact]
    public void Classes_AreRepairCreateAndCheck()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Made();
        bench.Admits = static _ => false;

        bench.Give(new MachineInput.Nudged());
        bench.Waits.Should().Be(new CallAsk("cloud", "volume", true, CallClass.Check, "dev"));
        bench.State.Condition.Should().BeNull("a check that waits is no news");
        bench.WakeAt.Should().BeNull();

        Admit(bench);
        bench.Absent();
        bench.Waits.Should().Be(new CallAsk("cloud", "volume", false, CallClass.Repair, "dev"));

        Admit(bench);
        bench.Made("o2");
        bench.Apply("b", generation: 2);
        bench.Waits!.Class.Should().Be(CallClass.Create);
    }

    [Fact]
    public void Asking_AfterAStepInProgress_IsARead()
    {
        var bench = Of();
        bench.Apply("a");
        bench.End(Making);
        bench.Admits = static _ => false;

        bench.Later();

        bench.Waits!.Reads.Should().BeTrue();
        bench.State.Condition!.Reason.Should().Be("InProgress");
    }

    [Fact]
    public void Replacement_ThatWaits_IsToldOnce()
    {
        var bench = Of(change: ChangeEffect.Replace);
        bench.Apply("a");
        bench.Made();
        bench.Admits = static _ => false;
        bench.Apply("b", generation: 2);
        bench.Wake();
        bench.Events.Should().NotContain("Replacing");

        Admit(bench);

        bench.Call.Step.Should().Be(StepKind.Delete);
        bench.Events.Should().ContainSingle(e => e == "Replacing");
    }

    [Fact]
    public void Look_AtWhatServesEverybody_IsTheSameForEverybody()
    {
        var (one, other) = (Of(shared: true), Of(shared: true));
        foreach (var bench in new[] { one, other })
        {
            bench.Apply("a");
            bench.Made();
            bench.Admits = static _ => false;
            bench.Give(new MachineInput.Nudged());
        }

        one.Waits!.SharedAs.Should().NotBeNull().And.Be(other.Waits!.SharedAs);
    }

    private static void Admit(Bench bench)
    {
        bench.Admits = static _ => true;
        bench.Give(new MachineInput.Admitted());
        bench.Admits = static _ => false;
    }
}
