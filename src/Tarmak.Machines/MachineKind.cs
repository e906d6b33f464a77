namespace Tarmak.Machines;

/// <summary>The five kinds of machine; each is one kind of grain.</summary>
public enum MachineKind
{
    /// <summary>An environment: what its clusters share, and the clusters themselves.</summary>
    Environment,

    /// <summary>A cluster.</summary>
    Cluster,

    /// <summary>A pool of instances of one role.</summary>
    InstancePool,

    /// <summary>One instance: its machine, volumes, names and configuration.</summary>
    Instance,

    /// <summary>One object behind a provider's capability.</summary>
    Capability,
}
