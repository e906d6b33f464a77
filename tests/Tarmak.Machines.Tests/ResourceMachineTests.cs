using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Machines.Steps;

namespace Tarmak.Machines.Tests;

public sealed class ResourceMachineTests
{
    private static readonly TimeSpan Horizon = ResourceMachine.StartDeadline + TimeSpan.FromSeconds(20) + TimeSpan.FromSeconds(5);

    private static Bench Of(UnknownResolution resolution = UnknownResolution.Replay, bool data = false, ChangeEffect change = ChangeEffect.Update, bool shared = false) => new(
        new ResourceMachine((_, kind) => new ResourceTraits
        {
            Kind = kind,
            EnsureResolution = resolution,
            VisibilityBound = TimeSpan.FromSeconds(5),
            CallDeadline = TimeSpan.FromSeconds(20),
            HoldsData = data,
            Shared = shared,
            Compare = (was, wanted) => was == wanted ? ChangeEffect.None : change,
        }),
        MachineAddress.OfCluster("dev", "demo").Capability("volume", "data"));

    private static Bench ReadyOne(UnknownResolution resolution = UnknownResolution.Replay, bool data = false, ChangeEffect change = ChangeEffect.Update)
    {
        var bench = Of(resolution, data, change);
        bench.Apply("a");
        bench.Made();
        bench.State.Phase.Should().Be(Phase.Ready);
        bench.Now += TimeSpan.FromMinutes(10);
        return bench;
    }

    [Fact]
    public void Apply_FirstTime_IntendsThenCallsEnsure()
    {
        var bench = Of();

        bench.Apply("a");

        bench.State.Phase.Should().Be(Phase.Provisioning);
        bench.State.Resource!.Intent!.Parameters.Should().Be("a");
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Token == "u1.ensure.1" && c.ObjectId == null && c.Parameters == "a");
        bench.State.AtRest.Should().BeFalse();
    }

    [Fact]
    public void Ensure_Succeeded_SettlesWithOutputsAndNoWakeUp()
    {
        var bench = Of();
        bench.Apply("a");

        var last = bench.Made();

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Outputs == "out-o1" && s.ObservedGeneration == 1 && s.AtRest);
        last.WakeAt.Should().BeNull();
        last.Effect.Should().BeNull();
        last.Report.Should().BeTrue();
        bench.Events.Should().Equal("Accepted", "Ready");
    }

    [Fact]
    public void Apply_SameGenerationAgain_ChangesNothing()
    {
        var bench = ReadyOne();
        var before = bench.State;

        var last = bench.Apply("b");

        last.State.Revision.Should().Be(before.Revision);
        last.State.Desired.Should().Be(before.Desired);
        last.Effect.Should().BeNull();
    }

    [Fact]
    public void Apply_OlderGeneration_IsDropped()
    {
        var bench = ReadyOne();
        bench.Apply("b", 3);
        bench.Made();

        bench.Apply("c", 2);

        bench.State.Desired!.Spec.Should().Be("b");
        bench.Outstanding.Should().BeNull();
    }

    [Fact]
    public void Apply_ForeignUidWhileAlive_IsDropped()
    {
        var bench = ReadyOne();

        bench.Apply("b", 9, "u2");

        bench.State.Should().Match<MachineState>(s => s.Uid == "u1" && s.Desired!.Spec == "a");
    }

    [Fact]
    public void Apply_NewUidAfterDeletion_BeginsAnew()
    {
        var bench = ReadyOne();
        bench.Delete();
        bench.Absent();
        var revision = bench.State.Revision;

        bench.Apply("b", 1, "u2");

        bench.State.Should().Match<MachineState>(s => s.Uid == "u2" && s.Phase == Phase.Provisioning && s.Revision > revision);
        bench.Call.Token.Should().Be("u2.ensure.1");
    }

    [Fact]
    public void Delete_BeforeItWasEverHeardOf_LeavesATombstone()
    {
        var bench = Of();

        bench.Delete();
        bench.Apply("a");

        bench.State.Phase.Should().Be(Phase.Deleted);
        bench.Outstanding.Should().BeNull();
    }

    [Fact]
    public void Delete_ForeignUid_IsDropped()
    {
        var bench = ReadyOne();

        bench.Delete(uid: "u9");

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Delete_Ready_DeletesByIdThenBuries()
    {
        var bench = ReadyOne();

        bench.Delete();
        bench.State.Phase.Should().Be(Phase.Deleting);
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Delete && c.ObjectId == "o1");
        bench.Absent();

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Deleted && s.Outputs == null && s.AtRest);
        bench.Events.Should().Equal("Accepted", "Ready", "Deleting", "Deleted");
    }

    [Fact]
    public void Delete_ObjectAlreadyGone_IsSuccess()
    {
        var bench = ReadyOne();
        bench.Delete();

        bench.Fail(ErrorClass.NotFound);

        bench.State.Phase.Should().Be(Phase.Deleted);
    }

    [Fact]
    public void Delete_OutcomeUnknown_CallsAgainWithTheSameId()
    {
        var bench = ReadyOne();
        bench.Delete();

        bench.Lose();
        bench.Later();

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Delete && c.ObjectId == "o1");
    }

    [Fact]
    public void Delete_EnsureInFlight_ResolvesByLookingThenDeletes()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Delete();
        bench.Last.Effect.Should().BeNull();

        bench.Made();

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Delete && c.ObjectId == "o1");
    }

    [Fact]
    public void Delete_EnsureUnknownAndAbsent_WaitsUntilTheCallIsSurelyOver()
    {
        var bench = Of();
        bench.Apply("a");
        var sent = bench.Now;
        bench.Lose();
        bench.Delete();
        bench.Call.Step.Should().Be(StepKind.Observe);

        bench.Absent();
        bench.State.Phase.Should().Be(Phase.Deleting);
        bench.WakeAt.Should().BeOnOrAfter(sent + Horizon);
        bench.Later();
        bench.Absent();

        bench.State.Phase.Should().Be(Phase.Deleted);
    }

    [Fact]
    public void Delete_EnsureFailedAfterItMayHaveBegun_DoesNotBelieveAnEarlyNotFound()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Fail(ErrorClass.Transient);
        bench.Delete();
        bench.Call.Step.Should().Be(StepKind.Observe);

        bench.Absent();

        bench.State.Phase.Should().Be(Phase.Deleting, "an effect may become visible within the bound");
        bench.Later();
        bench.Made("late");
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Delete && c.ObjectId == "late");
    }

    [Fact]
    public void Delete_StepInProgressAbandoned_DoesNotBelieveAnEarlyNotFound()
    {
        var bench = Of();
        bench.Apply("a");
        bench.End(new StepOutcome.InProgress("h", TimeSpan.FromSeconds(3), "being made"));
        bench.Delete();
        bench.Call.Step.Should().Be(StepKind.Observe);

        bench.Absent();

        bench.State.Phase.Should().Be(Phase.Deleting);
        bench.WakeAt.Should().NotBeNull();
    }

    [Fact]
    public void Delete_AfterARepeatedEnsure_WaitsForTheEarlierOneToBeOver()
    {
        var bench = Of(UnknownResolution.UniqueName);
        bench.Apply("a");
        bench.Die();
        bench.Made();
        bench.Delete();

        bench.Absent();

        bench.State.Phase.Should().Be(Phase.Deleting, "the first activation's call may still take the free name");
        for (var rounds = 0; bench.State.Phase != Phase.Deleted && rounds < 3; rounds++)
        {
            if (bench.Outstanding is null)
            {
                bench.Later();
            }

            bench.Call.Step.Should().Be(StepKind.Observe);
            bench.Absent();
        }

        bench.State.Phase.Should().Be(Phase.Deleted);
    }

    [Fact]
    public void Ensure_RepeatedByASuccessor_IsLookedAtOnceTheEarlierOneIsOver()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Die();

        bench.Made();
        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.AtRest.Should().BeFalse();
        bench.Later();
        bench.Call.Step.Should().Be(StepKind.Observe);
        bench.Made();

        bench.State.AtRest.Should().BeTrue();
        bench.WakeAt.Should().BeNull();
    }

    [Fact]
    public void Delete_HoldsDataWithoutConsent_BlocksUntilConsentComes()
    {
        var bench = ReadyOne(data: true);

        bench.Delete();
        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Blocked && s.Condition!.Reason == Condition.ConsentNeeded && s.AtRest);
        bench.Outstanding.Should().BeNull();
        bench.WakeAt.Should().BeNull();
        bench.Delete(consent: true);

        bench.Call.Step.Should().Be(StepKind.Delete);
        bench.State.Phase.Should().Be(Phase.Deleting);
    }

    [Fact]
    public void Delete_ObjectBroughtByTheUser_IsLeftAlone()
    {
        var bench = ReadyOne();
        var ledger = bench.State.Resource!;
        bench.State = bench.State with { Resource = ledger with { Object = ledger.Object! with { Created = false } } };

        bench.Delete();

        bench.State.Phase.Should().Be(Phase.Deleted);
        bench.Outstanding.Should().BeNull();
    }

    [Theory]
    [InlineData(UnknownResolution.Replay, StepKind.Ensure)]
    [InlineData(UnknownResolution.UniqueName, StepKind.Ensure)]
    [InlineData(UnknownResolution.Read, StepKind.Observe)]
    public void Ensure_OutcomeUnknown_IsResolvedAsTheDriverDeclared(UnknownResolution resolution, StepKind next)
    {
        var bench = Of(resolution);
        bench.Apply("a");

        bench.Lose();
        bench.Outstanding.Should().BeNull();
        bench.Later();

        bench.Call.Should().Match<StepCall>(c => c.Step == next && c.Parameters == "a" && c.Incarnation == 1);
    }

    [Theory]
    [InlineData(UnknownResolution.Replay, StepKind.Ensure)]
    [InlineData(UnknownResolution.UniqueName, StepKind.Ensure)]
    [InlineData(UnknownResolution.Read, StepKind.Observe)]
    public void Activation_IntentFoundAtStart_IsAnUnknownOutcome(UnknownResolution resolution, StepKind next)
    {
        var bench = Of(resolution);
        bench.Apply("a");

        bench.Die();

        bench.Call.Step.Should().Be(next);
    }

    [Fact]
    public void Ensure_UnknownAndSpecChanged_RepeatsWhatItsIntentRecordedThenUpdates()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Lose();

        bench.Apply("b", 2);
        bench.Call.Parameters.Should().Be("a");
        bench.Made();

        bench.Call.Should().Match<StepCall>(c => c.Parameters == "b" && c.ObjectId == "o1");
    }

    [Fact]
    public void Ensure_UnknownByReadAndFound_TakesTheObject()
    {
        var bench = Of(UnknownResolution.Read);
        bench.Apply("a");
        bench.Lose();
        bench.Later();

        bench.Made();

        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.Resource!.Object!.ObjectId.Should().Be("o1");
    }

    [Fact]
    public void Ensure_UnknownByReadAndProvenAbsent_IsMadeAgain()
    {
        var bench = Of(UnknownResolution.Read);
        bench.Apply("a");
        bench.Lose();
        bench.Later();
        bench.Absent();
        bench.Outstanding.Should().BeNull();
        bench.Later();

        bench.Absent();

        bench.Call.Step.Should().Be(StepKind.Ensure);
    }

    [Fact]
    public void Ensure_FailedByRead_LooksBeforeItMakesAnother()
    {
        var bench = Of(UnknownResolution.Read);
        bench.Apply("a");
        bench.Fail(ErrorClass.Transient);

        bench.Later();
        bench.Call.Step.Should().Be(StepKind.Observe);
        bench.Absent();

        bench.Outstanding.Should().BeNull("not found proves nothing before the visibility bound");
    }

    [Fact]
    public void Ensure_FailedThenSpecChanged_NeverSendsOtherParametersUnderTheSameToken()
    {
        var bench = Of();
        bench.Apply("a");
        var first = bench.Call.Token;
        bench.Fail(ErrorClass.InvalidSpec);
        bench.State.Phase.Should().Be(Phase.Blocked);

        bench.Now += TimeSpan.FromMinutes(1);
        bench.Apply("b", 2);
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Observe && c.Parameters == "a");
        bench.State.Phase.Should().NotBe(Phase.Blocked);
        bench.Absent();

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Parameters == "b" && c.Token != first);
    }

    [Fact]
    public void Ensure_InProgressThenSpecChanged_FindsWhatWasBegunAndUpdatesIt()
    {
        var bench = Of();
        bench.Apply("a");
        bench.End(new StepOutcome.InProgress("h", TimeSpan.FromSeconds(3), "being made"));

        bench.Apply("b", 2);
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Observe && c.Parameters == "a");
        bench.End(new StepOutcome.Succeeded(Observation.Drifted("o1", "out", "being made")));

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Parameters == "b" && c.ObjectId == "o1");
    }

    [Fact]
    public void Ensure_FailedTwiceTransiently_RetriesWithTheSameTokenAndBacksOff()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Fail(ErrorClass.Transient);
        var first = bench.WakeAt - bench.Now;
        bench.Later();
        bench.Call.Token.Should().Be("u1.ensure.1");

        bench.Fail(ErrorClass.Transient);

        (bench.WakeAt - bench.Now).Should().BeGreaterThan(first!.Value);
        bench.State.Attempts.Should().Be(2);
    }

    [Theory]
    [InlineData(ErrorClass.Unauthenticated, true)]
    [InlineData(ErrorClass.Unauthorized, true)]
    [InlineData(ErrorClass.QuotaExceeded, true)]
    [InlineData(ErrorClass.RateLimited, false)]
    [InlineData(ErrorClass.ResourcesDepleted, false)]
    [InlineData(ErrorClass.DependencyMissing, false)]
    [InlineData(ErrorClass.Conflict, true)]
    [InlineData(ErrorClass.InvalidSpec, true)]
    [InlineData(ErrorClass.Transient, false)]
    [InlineData(ErrorClass.Terminal, true)]
    public void Ensure_Failed_BlocksWhereTheOwnerMustActAndRetriesAnyway(ErrorClass error, bool blocked)
    {
        var bench = Of();
        bench.Apply("a");

        bench.Fail(error, "Do this.");

        bench.State.Phase.Should().Be(blocked ? Phase.Blocked : Phase.Provisioning);
        bench.State.Condition!.Message.Should().Be("Do this.");
        bench.WakeAt.Should().BeAfter(bench.Now);
        bench.Later();
        bench.Made();
        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Condition == null && s.Attempts == 0);
    }

    [Fact]
    public void Ensure_MadeObjectVanishedBeforeItWasHeardOf_MakesTheNextIncarnation()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Fail(ErrorClass.NotFound);

        bench.Later();
        bench.Call.Step.Should().Be(StepKind.Observe);
        bench.Now += TimeSpan.FromMinutes(1);
        bench.Absent();

        bench.Call.Token.Should().Be("u1.ensure.2");
    }

    [Fact]
    public void Look_SeesTheObjectKnownToBeGone_SeesThePast()
    {
        var bench = ReadyOne(UnknownResolution.Read);
        bench.Give(new MachineInput.Nudged());
        bench.Absent();
        bench.Fail(ErrorClass.Transient);
        bench.Later();
        bench.Call.Step.Should().Be(StepKind.Observe);

        bench.Made("o1");
        bench.State.Phase.Should().Be(Phase.Degraded);
        bench.Outstanding.Should().BeNull();
        bench.Later();
        bench.Made("o2");

        bench.State.Resource!.Object!.ObjectId.Should().Be("o2");
    }

    [Fact]
    public void Update_ObjectVanished_IsMadeAgain()
    {
        var bench = ReadyOne();
        bench.Apply("b", 2);

        bench.Fail(ErrorClass.NotFound);
        bench.Later();
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Observe && c.ObjectId == "o1");
        bench.Absent();

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Token == "u1.ensure.2" && c.Parameters == "b");
        bench.Events.Should().Contain("Lost");
    }

    [Fact]
    public void Update_Applied_NamesTheObjectAndIsUpdating()
    {
        var bench = ReadyOne();

        bench.Apply("b", 2);
        bench.State.Phase.Should().Be(Phase.Updating);
        bench.Call.Should().Match<StepCall>(c => c.ObjectId == "o1" && c.Parameters == "b" && c.Token == "u1.ensure.1");
        bench.Made();

        bench.State.ObservedGeneration.Should().Be(2);
    }

    [Fact]
    public void Update_OldSpecAppliedAgainInFlight_IsTheCancel()
    {
        var bench = ReadyOne();
        bench.Apply("b", 2);
        bench.Apply("a", 3);

        bench.Made();
        bench.Call.Should().Match<StepCall>(c => c.Parameters == "a" && c.ObjectId == "o1");
        bench.Made();

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.ObservedGeneration == 3);
    }

    [Fact]
    public void Change_OfNoEffect_SettlesWithoutACall()
    {
        var bench = ReadyOne(change: ChangeEffect.None);

        bench.Apply("b", 2);

        bench.Outstanding.Should().BeNull();
        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.ObservedGeneration == 2);
    }

    [Fact]
    public void Change_ThatReplaces_DeletesThenMakesTheNextIncarnation()
    {
        var bench = ReadyOne(change: ChangeEffect.Replace);

        bench.Apply("b", 2);
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Delete && c.ObjectId == "o1");
        bench.Absent();
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Incarnation == 2 && c.Token == "u1.ensure.2" && c.ObjectId == null);
        bench.Made("o2");

        bench.State.Phase.Should().Be(Phase.Ready);
        bench.Events.Should().Contain("Replacing");
    }

    [Fact]
    public void Change_ThatReplacesData_BlocksAndTheOldSpecUnblocks()
    {
        var bench = ReadyOne(data: true, change: ChangeEffect.Replace);

        bench.Apply("b", 2);
        bench.State.Phase.Should().Be(Phase.Blocked);
        bench.Outstanding.Should().BeNull();
        bench.Apply("a", 3);

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Condition == null && s.ObservedGeneration == 3);
    }

    [Fact]
    public void Apply_WhileALookIsUnderWay_IsNotReadyWithTheNewGeneration()
    {
        var bench = ReadyOne();
        bench.Give(new MachineInput.Nudged());

        bench.Apply("b", 2);

        bench.State.ToStatus().Should().Match<ChildStatus>(s => s.Phase != Phase.Ready || s.Generation != 2);
        bench.Made();
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Parameters == "b");
    }

    [Fact]
    public void Look_AnsweredAfterTheSpecChanged_SpeaksOfTheOldParameters()
    {
        var bench = ReadyOne();
        bench.Give(new MachineInput.Nudged());
        bench.Apply("b", 2);

        bench.Made("another");

        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Parameters == "b" && c.ObjectId == "another");
    }

    [Fact]
    public void Nudge_NothingDiffers_LooksOnceAndStaysReady()
    {
        var bench = ReadyOne();

        bench.Give(new MachineInput.Nudged());
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Observe && c.ObjectId == "o1");
        bench.Made();

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.AtRest);
        bench.Outstanding.Should().BeNull();
    }

    [Fact]
    public void Nudge_Drifted_DegradesAndMends()
    {
        var bench = ReadyOne();
        bench.Give(new MachineInput.Nudged());

        bench.End(new StepOutcome.Succeeded(Observation.Drifted("o1", "out", "It is stopped.")));
        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Degraded && s.Condition!.Message == "It is stopped.");
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.ObjectId == "o1");
        bench.Made();

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Nudge_ObjectGone_MakesTheNextIncarnation()
    {
        var bench = ReadyOne();
        bench.Give(new MachineInput.Nudged());

        bench.Absent();
        bench.State.Phase.Should().Be(Phase.Degraded);
        bench.Call.Token.Should().Be("u1.ensure.2");
        bench.Made("o2");

        bench.State.Phase.Should().Be(Phase.Ready);
    }

    [Fact]
    public void Nudge_NotFoundWithinTheVisibilityBound_ProvesNothing()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Made();
        bench.Give(new MachineInput.Nudged());

        bench.Absent();

        bench.Outstanding.Should().BeNull();
        bench.State.Phase.Should().Be(Phase.Ready);
        bench.Later();
        bench.Call.Step.Should().Be(StepKind.Observe);
    }

    [Fact]
    public void InProgress_Polls_WithTheHandleWhenAsked()
    {
        var bench = Of();
        bench.Apply("a");

        bench.End(new StepOutcome.InProgress("h", TimeSpan.FromSeconds(3), "being made"));
        bench.WakeAt.Should().Be(bench.Now + TimeSpan.FromSeconds(3));
        bench.Apply("a");
        bench.Outstanding.Should().BeNull("a repeated wish is no reason to ask earlier");
        bench.WakeAt.Should().NotBeNull();
        bench.Later();

        bench.Call.Should().Match<StepCall>(c => c.Handle == "h" && c.Step == StepKind.Ensure);
        bench.State.Condition!.Reason.Should().Be("InProgress");
    }

    [Fact]
    public void Woken_WhileItWaits_WaitsOn()
    {
        var bench = Of();
        bench.Apply("a");
        bench.Fail(ErrorClass.Transient);
        var at = bench.WakeAt;

        bench.Wake();

        bench.Outstanding.Should().BeNull();
        bench.WakeAt.Should().Be(at);
    }

    [Fact]
    public void Woken_ParentNotHeardSinceItLeftReady_ReportsUntilItIs()
    {
        var bench = Of();
        var wish = new MachineInput.Apply("u1", new ParentLink(MachineAddress.OfCluster("dev", "demo"), "p"), 1, "a", "cloud", null);
        bench.Give(wish);
        bench.Made();
        bench.Now += TimeSpan.FromMinutes(1);
        bench.Give(new MachineInput.Nudged());
        bench.End(new StepOutcome.Succeeded(Observation.Drifted("o1", "out", "stopped")));
        bench.Made();
        bench.State.Phase.Should().Be(Phase.Ready);
        bench.State.AtRest.Should().BeFalse();

        bench.Later().Report.Should().BeTrue();
        bench.Give(wish);
        bench.State.AtRest.Should().BeFalse("that was a late copy of an earlier word");
        bench.Give(wish with { Heard = bench.State.Revision });

        bench.State.AtRest.Should().BeTrue();
        bench.WakeAt.Should().BeNull();
    }

    [Fact]
    public void Apply_LateCopyForAnEarlierIdentity_DoesNotRaiseTheDead()
    {
        var bench = Of();
        MachineInput.Apply Wish(string uid, long birth) => new(uid, null, 1, "a", "cloud", null) { Birth = birth };
        bench.Give(Wish("u1", 1));
        bench.Made();
        bench.Delete();
        bench.Absent();
        bench.Give(Wish("u2", 2));
        bench.Made("o2");
        bench.Delete(uid: "u2");
        bench.Absent();

        bench.Give(Wish("u1", 1));
        bench.Outstanding.Should().BeNull();
        bench.State.Uid.Should().Be("u2");
        bench.Give(Wish("u3", 3));

        bench.State.Uid.Should().Be("u3");
    }

    [Fact]
    public void Delete_LateCopyForAnEarlierIdentity_LeavesTheNewerTombstone()
    {
        var bench = Of();
        bench.Give(new MachineInput.Delete("u2", false) { Birth = 2 });

        bench.Give(new MachineInput.Delete("u1", false) { Birth = 1 });
        bench.Give(new MachineInput.Apply("u2", null, 1, "a", "cloud", null) { Birth = 2 });

        bench.State.Should().Match<MachineState>(s => s.Uid == "u2" && s.Phase == Phase.Deleted);
    }

    [Fact]
    public void Delete_SharedObjectWhoseCreationWasCutOff_GivesUpTheUseAtOnce()
    {
        var bench = Of(UnknownResolution.UniqueName, shared: true);
        bench.Apply("a");
        bench.Die();
        bench.Made();

        bench.Delete();

        bench.State.Phase.Should().Be(Phase.Deleted);
        bench.Outstanding.Should().BeNull("the object is not this machine's to remove");
    }

    [Fact]
    public void Delete_SharedObjectBeingMade_WaitsForTheCallInFlightOnly()
    {
        var bench = Of(UnknownResolution.UniqueName, shared: true);
        bench.Apply("a");

        bench.Delete();
        bench.State.Phase.Should().Be(Phase.Deleting);
        bench.Lose();
        bench.Later();

        bench.State.Phase.Should().Be(Phase.Deleted);
    }

    [Fact]
    public void Replace_SharedObject_MayTakeUpTheSameAgain()
    {
        var bench = Of(UnknownResolution.UniqueName, change: ChangeEffect.Replace, shared: true);
        bench.Apply("a");
        bench.Made();
        bench.Apply("b", 2);
        bench.Absent();
        bench.Die();

        bench.Made();

        bench.State.Should().Match<MachineState>(s => s.Phase == Phase.Ready && s.Resource!.Object!.ObjectId == "o1");
    }

    [Fact]
    public void Made_AgainUnderTheIdOfTheLostOne_IsSeenAsWhatItIs()
    {
        var bench = ReadyOne(UnknownResolution.UniqueName);
        bench.Give(new MachineInput.Nudged());
        bench.Absent();
        bench.Made();
        bench.State.Resource!.Incarnation.Should().Be(2);

        bench.Give(new MachineInput.Nudged());
        bench.Made();

        bench.State.AtRest.Should().BeTrue();
        bench.Outstanding.Should().BeNull();
        bench.Apply("b", 2);
        bench.Call.Should().Match<StepCall>(c => c.Step == StepKind.Ensure && c.Parameters == "b");
    }

    [Fact]
    public void MadeAgain_WithUnknownOutcome_IsBelievedOnceReadsNoLongerShowThePast()
    {
        var bench = ReadyOne(UnknownResolution.Read);
        bench.Give(new MachineInput.Nudged());
        bench.Absent();
        bench.Lose();
        bench.Later();

        bench.Made();
        bench.State.Resource!.Object.Should().BeNull("it may be the lost one, still shown");
        bench.Later();
        bench.Made();

        bench.State.Resource!.Object!.ObjectId.Should().Be("o1");
    }
}
