using Tarmak.Machines.Environments;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;
using Tarmak.Model.Resources;

namespace Tarmak.Machines.Tests.Environments;

public sealed class EnvironmentPlannerTests
{
    [Fact]
    public void Environment_OfBeforeEachUseHadABucket_GainsThemAndIsOtherwiseLeftAlone()
    {
        var stored = MachineJson.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "0.1-environment.json")));
        var bench = new Bench(new CompositeMachine(new EnvironmentPlanner()), stored.Address) { State = stored, Now = stored.PhaseSince };

        bench.Give(new MachineInput.Woken());

        bench.Commands.Select(c => (c.Child, c.Input?.GetType())).Should().BeEquivalentTo(new[] { "state", "backups" }.Select(use =>
            (stored.Address.Capability(ResourceKinds.Bucket, use), typeof(MachineInput.Apply))));
        bench.State.Children.Should().HaveCount(stored.Children.Count + 2);
        bench.State.Children["/demo"].Should().BeEquivalentTo(
            stored.Children["/demo"], o => o.ComparingByMembers<ChildRecord>().ComparingByMembers<ChildStatus>().Excluding(c => c.DependsOn), "clusters are told nothing");
    }
}
