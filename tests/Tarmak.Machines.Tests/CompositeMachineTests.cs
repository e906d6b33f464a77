using Tarmak.Machines.Messages;
using Tarmak.Machines.Planning;
using Tarmak.Machines.State;

namespace Tarmak.Machines.Tests;

public sealed class CompositeMachineTests
{
    private static readonly MachineAddress Demo = MachineAddress.OfCluster("dev", "demo");

    /// <summary>A specification such as <c>a=1 b=1&gt;a c=2!</c>: names, versions, what they come after; <c>!</c> holds, <c>~</c> does not count.</summary>
    private static void Plan(string spec, PlanGraph graph)
    {
        foreach (var word in spec.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.TrimEnd('!', '~').Split('>');
            var named = parts[0].Split('=');
            graph.Nested(
                MachineKind.InstancePool, named[0], () => named[1], word.EndsWith('!'), !word.EndsWith('~'),
                after: parts.Length > 1 ? [.. parts[1].Split(',').Select(p => $"/{p}")] : []);
        }
    }

    private static Bench Of(bool consent = false) => new(new CompositeMachine(new LambdaPlanner(Plan, consent)), Demo);

    private static Bench Ready(string spec, bool consent = false)
    {
        var bench = Of(consent);
        bench.Apply(spec);
        MakeReady(bench);
        return bench;
    }

    private static void MakeReady(Bench bench)
    {
        for (var rounds = 0; bench.Outstanding is not null && rounds < 20; rounds++)
        {
            bench.Answer([.. Told(bench).Select(n => bench.Child(n, Phase.Ready, bench.State.Revision + 100))]);
        }

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    private static List<string> Told(Bench bench) => [.. bench.Commands.Select(c => c.Child.Key[Demo.Key.Length..])];

    private static MachineInput? To(Bench bench, string name) => bench.Commands.Single(c => c.Child.Key == Demo.Key + name).Input;

    [Fact]
    public void Apply_FirstTime_RecordsAndStartsWhatDependsOnNothing()
    {
        var bench = Of();

        bench.Apply("a=1 b=1>a c=1");

        Told(bench).Should().Equal("/a", "/c");
        bench.State.Children.Keys.Should().Equal("/a", "/c");
        bench.State.Phase.Should().Be(Phase.Provisioning);
        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Uid == "c1" && a.Generation == 1 && a.Spec == "1" && a.Parent == new ParentLink(Demo, "u1"));
    }

    [Fact]
    public void ChildReady_WhateverWaitsForIt_StartsAtOnce()
    {
        var bench = Of();
        bench.Apply("a=1 b=1>a c=1>b");
        bench.Answer(bench.Child("/a", Phase.Provisioning, 1));
        bench.Outstanding.Should().BeNull();

        bench.Hear(bench.Child("/a", Phase.Ready, 2));
        Told(bench).Should().Equal("/b");
        bench.Hear(bench.Child("/b", Phase.Ready, 1));
        bench.Outstanding.Should().NotBeNull();
        bench.Answer(bench.Child("/b", Phase.Ready, 1));

        Told(bench).Should().Equal("/c");
    }

    [Fact]
    public void AllReady_Settles_WithoutWakeUp()
    {
        var bench = Ready("a=1 b=1>a");

        bench.State.Should().Match<MachineState>(s => s.ObservedGeneration == 1 && s.Condition == null && s.AtRest);
        bench.WakeAt.Should().BeNull();
    }

    [Fact]
    public void EmptyPlan_IsReadyAtOnce()
    {
        var bench = Of();

        bench.Apply("");

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Delete_RunsAgainstTheDependencies()
    {
        var bench = Ready("a=1 b=1>a c=1>b d=1");

        bench.Delete();
        Told(bench).Should().Equal("/c", "/d");
        bench.Answer(bench.Child("/c", Phase.Deleting, 900), bench.Child("/d", Phase.Deleted, 900));
        bench.Outstanding.Should().BeNull();
        bench.Hear(bench.Child("/c", Phase.Deleted, 901));
        Told(bench).Should().Equal("/b");
        bench.Answer(bench.Child("/b", Phase.Deleted, 901));
        Told(bench).Should().Equal("/a");
        bench.Answer(bench.Child("/a", Phase.Deleted, 901));

        bench.State.Phase.Should().Be(Phase.Deleted);
        bench.WakeAt.Should().BeNull();
    }

    [Fact]
    public void Delete_DuringProvisioning_DeletesWhatWasEverRecorded()
    {
        var bench = Of();
        bench.Apply("a=1 b=1>a");

        bench.Delete();
        bench.Answer();

        bench.State.Phase.Should().Be(Phase.Deleting);
        To(bench, "/a").Should().BeOfType<MachineInput.Delete>();
    }

    [Fact]
    public void LostCommand_IsToldAgainWhenWoken()
    {
        var bench = Of();
        bench.Apply("a=1");
        bench.Answer();
        bench.Outstanding.Should().BeNull();

        bench.Later();

        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Uid == "c1" && a.Generation == 1);
    }

    [Fact]
    public void LostReport_IsAskedForWhenWoken()
    {
        var bench = Of();
        bench.Apply("a=1");
        bench.Answer(bench.Child("/a", Phase.Provisioning, 1));

        bench.Later();
        bench.Answer(bench.Child("/a", Phase.Ready, 2));

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Heartbeat_InputsKeepComing_IsNotPutOff()
    {
        var bench = Of();
        bench.Apply("a=1");
        bench.Answer();
        var at = bench.WakeAt;

        bench.Now += TimeSpan.FromSeconds(3);
        bench.Apply("a=1");

        bench.WakeAt.Should().Be(at);
    }

    [Fact]
    public void Report_OlderOrForeign_IsDropped()
    {
        var bench = Ready("a=1");
        var status = bench.State.Children["/a"].Status!;

        bench.Hear(status with { Revision = status.Revision - 1, Phase = Phase.Blocked });
        bench.Hear(status with { Uid = "other", Revision = status.Revision + 1, Phase = Phase.Blocked });
        bench.Hear(status with { Address = MachineAddress.OfEnvironment("x"), Revision = status.Revision + 1 });

        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.Children["/a"].Status.Should().Be(status);
    }

    [Fact]
    public void SpecChanged_OnlyTheChangedChildHears()
    {
        var bench = Ready("a=1 b=1>a");

        bench.Apply("a=1 b=2>a", 2);

        Told(bench).Should().Equal("/b");
        To(bench, "/b").Should().Match<MachineInput.Apply>(a => a.Generation == 2 && a.Spec == "2" && a.Uid == bench.State.Children["/b"].Uid);
        bench.State.Phase.Should().Be(Phase.Updating);
    }

    [Fact]
    public void SpecChanged_WhileACallIsOut_WaitsForItAndIsNotReadyMeanwhile()
    {
        var bench = Ready("a=1 b=1");
        bench.Apply("a=2 b=1", 2);

        bench.Apply("a=1 b=1", 3);
        bench.State.Phase.Should().Be(Phase.Updating);
        bench.Answer(bench.Child("/a", Phase.Ready, 900));

        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Generation == 3 && a.Spec == "1");
    }

    [Fact]
    public void ChildRemoved_WhileACallIsOut_IsNotReadyBeforeItIsGone()
    {
        var bench = Ready("a=1 b=1");
        bench.Hear(bench.Child("/a", Phase.Degraded, 900));
        bench.Later();
        bench.Apply("a=1", 2);

        bench.Answer(bench.Child("/a", Phase.Ready, 901));

        bench.State.Phase.Should().NotBe(Phase.Ready);
        To(bench, "/b").Should().BeOfType<MachineInput.Delete>();
        bench.Answer(bench.Child("/b", Phase.Deleted, 901));
        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void ChildRemoved_WhileACallIsOutAndNothingElseIsAmiss_IsNotReadyMeanwhile()
    {
        var bench = Ready("a=1 b=1~ c=1");
        bench.Hear(bench.Child("/b", Phase.Degraded, 900));
        bench.Wake();
        bench.Outstanding.Should().NotBeNull();

        bench.Apply("a=1 b=1~", 2);

        bench.State.Phase.Should().NotBe(Phase.Ready);
    }

    [Fact]
    public void Hold_ChangedSpecification_WaitsUntilReleased()
    {
        var bench = Ready("a=1 b=1");

        bench.Apply("a=2 b=2!", 2);
        Told(bench).Should().Equal("/a");
        bench.Answer(bench.Child("/a", Phase.Ready, 900));
        bench.Outstanding.Should().BeNull();
        bench.State.Phase.Should().Be(Phase.Updating);
        bench.Apply("a=2 b=2", 3);

        Told(bench).Should().Equal("/b");
    }

    [Fact]
    public void Hold_ChildNeverHeardItsLastSpecification_IsGivenTheNewestAllTheSame()
    {
        var bench = Ready("a=1");
        bench.Apply("a=2", 2);
        bench.Answer();

        bench.Apply("a=3!", 3);

        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Spec == "3" && a.Generation == 3);
    }

    [Fact]
    public void NameUsedAgain_WaitsForTheOldToGoAndGetsANewUid()
    {
        var bench = Ready("a=1");
        var old = bench.State.Children["/a"].Uid;
        bench.Apply("", 2);
        bench.Apply("a=1", 3);
        bench.Answer(bench.Child("/a", Phase.Deleting, 900));
        bench.Outstanding.Should().BeNull();

        bench.Hear(bench.Child("/a", Phase.Deleted, 901));

        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Uid != old && a.Generation == 1);
    }

    [Fact]
    public void NameUsedAgain_DeleteWasLost_IsToldAgain()
    {
        var bench = Ready("a=1");
        bench.Apply("", 2);
        bench.Apply("a=1", 3);
        bench.Answer();

        bench.Later();

        To(bench, "/a").Should().BeOfType<MachineInput.Delete>();
    }

    [Fact]
    public void Dependency_DroppedWithoutChange_IsLetGo()
    {
        var bench = Ready("a=1 b=1>a");

        bench.Apply("b=1", 2);

        To(bench, "/a").Should().BeOfType<MachineInput.Delete>();
    }

    [Fact]
    public void Dependency_DroppedWithAChange_IsKeptUntilTheChangeIsInForce()
    {
        var bench = Ready("a=1 b=1>a");

        bench.Apply("b=2", 2);
        Told(bench).Should().Equal("/b");
        bench.State.Phase.Should().Be(Phase.Updating);
        bench.Answer(bench.Child("/b", Phase.Ready, 900));

        Told(bench).Should().Equal("/a");
        bench.State.Phase.Should().NotBe(Phase.Ready);
    }

    [Fact]
    public void Dependency_DroppedWhileACallIsOut_IsForgottenBeforeReady()
    {
        var bench = Ready("a=1 b=1>a c=1~");
        bench.Hear(bench.Child("/c", Phase.Degraded, 900));
        bench.Wake();
        bench.Outstanding.Should().NotBeNull();

        bench.Apply("a=1 b=1 c=1~", 2);

        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.Children["/b"].DependsOn.Should().BeEmpty();
    }

    [Fact]
    public void Dependency_TurnedRoundAndDeletedMidWay_StillGoes()
    {
        var bench = Ready("a=1 b=1>a");
        bench.Apply("b=2 a=2>b", 2);
        bench.Answer(bench.Child("/b", Phase.Ready, 900));
        Told(bench).Should().Equal("/a");
        bench.State = bench.State with
        {
            Children = bench.State.Children.SetItem("/b", bench.State.Children["/b"] with { DependsOn = ["/a"] }),
        };

        bench.Delete();
        bench.Answer(bench.Child("/a", Phase.Updating, 900));

        bench.Outstanding.Should().NotBeNull();
        bench.Commands.Should().Contain(c => c.Input is MachineInput.Delete);
    }

    [Fact]
    public void ChildBlocked_BlocksTheParentWithItsWordsAndUnblocks()
    {
        var bench = Ready("a=1");
        var condition = new Condition("QuotaExceeded", "Ask for more.", bench.Now);

        bench.Hear(bench.Child("/a", Phase.Blocked, 900, condition: condition));
        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Blocked && s.Condition!.Message == "Ask for more.");
        bench.Hear(bench.Child("/a", Phase.Ready, 901));

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Condition == null);
    }

    [Fact]
    public void ChildDegraded_DegradesTheParentAndIsAskedAfter()
    {
        var bench = Ready("a=1");

        bench.Hear(bench.Child("/a", Phase.Degraded, 900));
        bench.State.Phase.Should().Be(Phase.Degraded);
        bench.Later();

        To(bench, "/a").Should().BeOfType<MachineInput.Apply>();
    }

    [Fact]
    public void ChildWaitsForAWord_WhileAllIsReady_GetsOne()
    {
        var bench = Ready("a=1 b=1");

        bench.Hear(bench.Child("/a", Phase.Ready, 900) with { Unheard = true });

        Told(bench).Should().Equal("/a");
        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Consent_OfTheOwner_ReachesWhatHoldsData()
    {
        var bench = Ready("a=1");

        bench.Delete();
        To(bench, "/a").Should().Match<MachineInput.Delete>(d => !d.DataLossConsent);
        bench.Answer(bench.Child("/a", Phase.Blocked, 900, condition: new Condition(Condition.ConsentNeeded, "Consent.", bench.Now)));
        bench.State.Phase.Should().Be(Phase.Blocked);
        bench.Delete(consent: true);

        To(bench, "/a").Should().Match<MachineInput.Delete>(d => d.DataLossConsent);
    }

    [Fact]
    public void Consent_InTheSpecification_GoesWithARemovedChild()
    {
        var bench = Ready("a=1 b=1", consent: true);

        bench.Apply("a=1", 2);

        To(bench, "/b").Should().Match<MachineInput.Delete>(d => d.DataLossConsent);
    }

    [Fact]
    public void UncountedChild_NotReady_DoesNotKeepTheParentFromReadyButIsToldAgain()
    {
        var bench = Of();
        bench.Apply("a=1~");
        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.AtRest.Should().BeFalse();
        bench.Answer();

        bench.Later();

        To(bench, "/a").Should().BeOfType<MachineInput.Apply>();
    }

    [Fact]
    public void ChildOfADeletedParent_NewParent_GetsAHigherBirth()
    {
        var bench = Ready("a=1");
        bench.Delete();
        bench.Answer(bench.Child("/a", Phase.Deleted, 900));
        bench.State.Phase.Should().Be(Phase.Deleted);

        bench.Apply("a=1", 1, "u2");

        To(bench, "/a").Should().Match<MachineInput.Apply>(a => a.Birth == 2);
    }

    [Fact]
    public void Successor_ChildrenRecordedButNotTold_TellsThem()
    {
        var bench = Of();
        bench.Apply("a=1 b=1");

        bench.Die();

        Told(bench).Should().Equal("/a", "/b");
    }
}
