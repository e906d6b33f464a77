namespace Tarmak.Cli;

/// <summary>Phases as the inventory names them.</summary>
internal static class Phases
{
    /// <summary>Nothing has been started.</summary>
    public const string Pending = "Pending";

    /// <summary>Being made for the first time.</summary>
    public const string Provisioning = "Provisioning";

    /// <summary>As declared.</summary>
    public const string Ready = "Ready";

    /// <summary>Differs from what was declared and is being mended.</summary>
    public const string Degraded = "Degraded";

    /// <summary>Its owner has to act.</summary>
    public const string Blocked = "Blocked";

    /// <summary>Left alone on its owner's wish.</summary>
    public const string Paused = "Paused";

    /// <summary>Being deleted.</summary>
    public const string Deleting = "Deleting";

    /// <summary>Gone.</summary>
    public const string Deleted = "Deleted";
}
