namespace Tarmak.Machines.Steps;

/// <summary>What a driver saw of an object.</summary>
/// <param name="Exists">Whether the object is there.</param>
/// <param name="ObjectId">The provider's id; null when absent.</param>
/// <param name="InSync">Whether it is as its parameters ask, and running where it should run.</param>
/// <param name="Detail">Where it is not in sync: what is wrong, in plain words.</param>
/// <param name="Outputs">JSON of the kind's outputs; null when absent.</param>
public sealed record Observation(bool Exists, string? ObjectId, bool InSync, string? Detail, string? Outputs)
{
    /// <summary>The object is not there.</summary>
    public static Observation Absent { get; } = new(false, null, false, null, null);

    /// <summary>The object is there and as asked.</summary>
    /// <param name="objectId">The provider's id.</param>
    /// <param name="outputs">JSON of the kind's outputs.</param>
    /// <returns>The observation.</returns>
    public static Observation Present(string objectId, string outputs) => new(true, objectId, true, null, outputs);

    /// <summary>The object is there, but needs an ensure step.</summary>
    /// <param name="objectId">The provider's id.</param>
    /// <param name="outputs">JSON of the kind's outputs.</param>
    /// <param name="detail">What is wrong, in plain words.</param>
    /// <returns>The observation.</returns>
    public static Observation Drifted(string objectId, string outputs, string detail) => new(true, objectId, false, detail, outputs);
}
