namespace Tarmak.Model.Manifests;

/// <summary>What a taint does to pods that do not tolerate it.</summary>
public enum TaintEffect
{
    /// <summary>They are not scheduled here.</summary>
    NoSchedule,

    /// <summary>They are scheduled here only if nowhere else.</summary>
    PreferNoSchedule,

    /// <summary>They are not scheduled here and running ones are evicted.</summary>
    NoExecute,
}
