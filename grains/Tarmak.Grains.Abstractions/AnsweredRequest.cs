namespace Tarmak.Grains.Abstractions;

/// <summary>A request for one document that was answered. A repeated one gets the same answer, and does nothing.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.answered")]
public sealed record AnsweredRequest
{
    /// <summary>Id of the request and the document within it.</summary>
    [Id(0)]
    public required string RequestId { get; init; }

    /// <summary>What it did, as in <see cref="AcceptResult.Action"/>.</summary>
    [Id(1)]
    public required string Action { get; init; }

    /// <summary>Generation of the resource after it.</summary>
    [Id(2)]
    public long Generation { get; init; }

    /// <summary>The answer.</summary>
    /// <returns>The answer, as it was given first.</returns>
    public AcceptResult ToResult() => new() { Action = Action, Generation = Generation };
}
