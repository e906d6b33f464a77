namespace Tarmak.Machines.Steps;

/// <summary>The three things a driver does. Each has at most one external effect.</summary>
public enum StepKind
{
    /// <summary>Reads the object; no effect.</summary>
    Observe,

    /// <summary>Creates the object, or brings it to its parameters; done again it changes nothing.</summary>
    Ensure,

    /// <summary>Deletes the object by its id; absent is success.</summary>
    Delete,
}
