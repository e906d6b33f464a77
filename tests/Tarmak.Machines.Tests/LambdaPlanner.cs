using Tarmak.Machines.Planning;

namespace Tarmak.Machines.Tests;

/// <summary>A planner made of a function.</summary>
internal sealed class LambdaPlanner(Action<string, PlanGraph> plan, bool consent = false) : IPlanner
{
    public void Plan(string spec, PlanGraph graph) => plan(spec, graph);

    public bool DataLossConsented(string spec, string child) => consent;
}
