namespace Tarmak.Machines.Simulation;

/// <summary>What dies at a point.</summary>
public enum DeathScope
{
    /// <summary>The activation that got there.</summary>
    Activation,

    /// <summary>The process: all activations, timers and messages under way between machines.</summary>
    Process,
}
