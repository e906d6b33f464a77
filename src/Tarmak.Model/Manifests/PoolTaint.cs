namespace Tarmak.Model.Manifests;

/// <summary>A Kubernetes taint of every node of a pool.</summary>
public sealed record PoolTaint
{
    /// <summary>Key of the taint.</summary>
    public required string Key { get; init; }

    /// <summary>Value of the taint; may be empty.</summary>
    public string Value { get; init => field = value ?? ""; } = "";

    /// <summary>What it does to pods that do not tolerate it.</summary>
    public TaintEffect Effect { get; init; }
}
