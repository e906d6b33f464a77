namespace Tarmak.Machines.State;

/// <summary>Where a machine is in its life.</summary>
public enum Phase
{
    /// <summary>Accepted; nothing has been started, because it waits for what it depends on.</summary>
    Pending,

    /// <summary>Being made for the first time.</summary>
    Provisioning,

    /// <summary>As declared.</summary>
    Ready,

    /// <summary>Was ready; being brought to a changed declaration.</summary>
    Updating,

    /// <summary>Was ready; something differs from the declaration and is being mended.</summary>
    Degraded,

    /// <summary>Cannot go on until its owner acts; the condition says what to do. It is tried again from time to time.</summary>
    Blocked,

    /// <summary>Left as it is on its owner's wish.</summary>
    Paused,

    /// <summary>Being deleted.</summary>
    Deleting,

    /// <summary>Gone. The state remains as a tombstone, so that late messages find it.</summary>
    Deleted,
}
