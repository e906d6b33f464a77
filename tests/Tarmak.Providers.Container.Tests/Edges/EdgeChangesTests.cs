using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Edges;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Tests.Edges;

public sealed class EdgeChangesTests
{
    private static readonly EdgeSnapshot Edge = new("edge", "id", true, null, new EdgeState(), 0, true);

    [Fact]
    public async Task Change_Withdrawn_IsNotApplied()
    {
        var changes = new EdgeChanges();
        var change = changes.Add(e => e.State with { Version = 7 });
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();

        change.Withdraw(caller.Token);

        changes.TakeAll().Should().ContainSingle().Which.Apply(Edge).Should().BeSameAs(Edge.State);
        change.IsWithdrawn.Should().BeTrue();
        await change.Done.Awaiting(d => d).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Change_InForce_IsNotWithdrawnAnyMore()
    {
        var change = new EdgeChanges().Add(e => e.State);
        change.Succeed(Edge);

        change.Withdraw(new CancellationToken(canceled: true));

        change.IsWithdrawn.Should().BeFalse();
        (await change.Done).Should().BeSameAs(Edge);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(2, 2, false)]
    [InlineData(3, 2, true)]
    public void Mark_OfALaterIncarnation_RefusesALateCall(int found, int called, bool refused)
    {
        var mark = RecordedOwner.Of(TestCalls.Call("x", found));

        var call = () => mark.RefuseOthers(TestCalls.Call("x", called), "zone", "z.test");

        if (refused)
        {
            call.Should().Throw<EngineFaultException>().Which.Outcome.ShouldFail(ErrorClass.Conflict).Should().Contain("too late");
        }
        else
        {
            call.Should().NotThrow();
        }
    }
}
