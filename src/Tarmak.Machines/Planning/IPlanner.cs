namespace Tarmak.Machines.Planning;

/// <summary>Says which children a machine should have: pure, from its specification and from what its children report.</summary>
public interface IPlanner
{
    /// <summary>Plans.</summary>
    /// <param name="spec">The machine's specification, as JSON.</param>
    /// <param name="graph">Gives what children report, and takes the plan.</param>
    void Plan(string spec, PlanGraph graph);

    /// <summary>Whether the data of a child that is no longer wanted may go.</summary>
    /// <param name="spec">The machine's specification, as JSON.</param>
    /// <param name="child">Name of the child.</param>
    /// <returns>True if its owner consented.</returns>
    bool DataLossConsented(string spec, string child);

    /// <summary>Whether the data of a child may go with the machine itself.</summary>
    /// <param name="spec">The machine's specification, as JSON.</param>
    /// <param name="child">Name of the child.</param>
    /// <param name="given">Whether the machine's deletion was consented to.</param>
    /// <returns>True if its owner consented.</returns>
    bool DataLossConsentedOnDelete(string spec, string child, bool given) => given;
}
