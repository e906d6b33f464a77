using Tarmak.Cli.Follow;

namespace Tarmak.Cli.Tests;

public sealed class FollowStateTests
{
    private static readonly FollowTarget s_environment = new("environment", "dev", 1);
    private static readonly FollowTarget s_cluster = new("cluster", "dev/demo", 2);

    [Fact]
    public void Decide_BeforeTheWatchCaughtUp_GoesOn()
    {
        var state = new FollowState([s_cluster], FollowGoal.Gone);

        state.Decide(Some.Now).Kind.Should().Be(FollowVerdictKind.Following);
    }

    [Fact]
    public void Decide_ReadyAtAnOlderGeneration_GoesOn()
    {
        var state = Ready([s_cluster], Some.Resource("cluster", "dev/demo", "Ready", generation: 1));

        state.Decide(Some.Now).Kind.Should().Be(FollowVerdictKind.Following);
    }

    [Fact]
    public void Decide_AllReady_IsReached()
    {
        var state = Ready([s_environment, s_cluster], Some.Resource("environment", "dev", "Ready"), Some.Resource("cluster", "dev/demo", "Ready", generation: 2));

        state.Decide(Some.Now).Kind.Should().Be(FollowVerdictKind.Reached);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Decide_Paused_IsReachedWithItsManifestThoughItNeverComesIntoForce(long generation, bool reached)
    {
        var (environment, cluster) = (Some.Resource("environment", "dev", "Provisioning"), Some.Resource("cluster", "dev/demo", "Paused", "Its manifest says paused: true.", generation));
        (environment.ObservedGeneration, cluster.ObservedGeneration) = (0, 0);
        var state = Ready([s_environment, s_cluster], environment, Some.Resource("capability", "dev#network/outer", "Ready"), cluster);

        state.Decide(Some.Now).Kind.Should().Be(reached ? FollowVerdictKind.Reached : FollowVerdictKind.Following);
    }

    [Fact]
    public void Decide_EnvironmentBusyWithAForeignCluster_IsReached()
    {
        var state = Ready(
            [s_environment, s_cluster],
            Some.Resource("environment", "dev", "Provisioning"),
            Some.Resource("capability", "dev#network/outer", "Ready"),
            Some.Resource("cluster", "dev/other", "Blocked", "broken"),
            Some.Resource("cluster", "dev/demo", "Ready", generation: 2));

        state.Decide(Some.Now).Kind.Should().Be(FollowVerdictKind.Reached);
    }

    [Fact]
    public void Decide_BlockedForLessThanThePatience_GoesOn()
    {
        var state = Ready([s_cluster], Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "no image"));

        state.Decide(Some.Now + FollowState.BlockedPatience - TimeSpan.FromSeconds(1)).Kind.Should().Be(FollowVerdictKind.Following);
    }

    [Fact]
    public void Decide_BlockedLonger_NamesTheDeepest()
    {
        var state = Ready(
            [s_cluster],
            Some.Resource("cluster", "dev/demo", "Blocked", "pool etcd is blocked"),
            Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "The disk is full."));

        var verdict = state.Decide(Some.Now + FollowState.BlockedPatience);

        verdict.Kind.Should().Be(FollowVerdictKind.Blocked);
        verdict.Sentences.Should().Equal("dev/demo/etcd-0: The disk is full.");
    }

    [Fact]
    public void Decide_BlockedAndMendedMeanwhile_StartsPatienceAnew()
    {
        var state = Ready([s_cluster], Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "no image"));
        state.Observe("dev", Some.Change(Some.Resource("instance", "dev/demo/etcd/0", "Provisioning"), 8), Some.Now.AddSeconds(10));
        state.Observe("dev", Some.Change(Some.Resource("instance", "dev/demo/etcd/0", "Blocked", "no image"), 9), Some.Now.AddSeconds(15));

        state.Decide(Some.Now.AddSeconds(30)).Kind.Should().Be(FollowVerdictKind.Following);
    }

    [Fact]
    public void Decide_TargetGone_IsReached()
    {
        var state = new FollowState([s_cluster], FollowGoal.Gone);
        var cluster = Some.Resource("cluster", "dev/demo", "Deleting");
        state.Observe("dev", Some.Change(cluster, 4), Some.Now);
        state.Observe("dev", Some.CaughtUp(4), Some.Now);

        var before = state.Decide(Some.Now);
        state.Observe("dev", Some.Gone(cluster, 5), Some.Now);

        before.Kind.Should().Be(FollowVerdictKind.Following);
        state.Decide(Some.Now).Kind.Should().Be(FollowVerdictKind.Reached);
    }

    [Fact]
    public void Observe_SameAgain_SaysNothingNew()
    {
        var state = Ready([s_cluster], Some.Resource("cluster", "dev/demo", "Provisioning", "waiting"));

        state.Observe("dev", Some.Change(Some.Resource("cluster", "dev/demo", "Provisioning", "waiting"), 9), Some.Now).Should().BeNull();
    }

    private static FollowState Ready(IReadOnlyList<FollowTarget> targets, params Resource[] resources)
    {
        var state = new FollowState(targets, FollowGoal.Ready);
        foreach (var resource in resources)
        {
            state.Observe("dev", Some.Change(resource, 1), Some.Now);
        }

        state.Observe("dev", Some.CaughtUp(1), Some.Now);
        return state;
    }
}
