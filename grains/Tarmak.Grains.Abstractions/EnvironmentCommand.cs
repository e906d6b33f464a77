namespace Tarmak.Grains.Abstractions;

/// <summary>What a command asks of an environment.</summary>
public enum CommandVerb
{
    /// <summary>Create the environment or change its specification.</summary>
    PutEnvironment,

    /// <summary>Create a cluster or change its specification.</summary>
    PutCluster,

    /// <summary>Delete a cluster.</summary>
    DeleteCluster,

    /// <summary>Delete the environment; refused while it has clusters.</summary>
    DeleteEnvironment,
}

/// <summary>A command to an environment.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.command")]
public sealed record EnvironmentCommand
{
    /// <summary>Id of the request and the document within it; a repeated one is accepted once.</summary>
    [Id(0)]
    public required string RequestId { get; init; }

    /// <summary>What is asked.</summary>
    [Id(1)]
    public required CommandVerb Verb { get; init; }

    /// <summary>The cluster's name, for the cluster verbs.</summary>
    [Id(2)]
    public string? Cluster { get; init; }

    /// <summary>For Put: the manifest's spec as canonical JSON, defaults filled in.</summary>
    [Id(3)]
    public string? Spec { get; init; }

    /// <summary>For Put: labels.</summary>
    [Id(4)]
    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>For Put: the provider-independent first-boot and access data the engine adds: public SSH keys that may log in.</summary>
    [Id(5)]
    public string[] AuthorizedKeys { get; init; } = [];

    /// <summary>For Put: the resource version it must replace; null: any.</summary>
    [Id(6)]
    public string? ResourceVersion { get; init; }

    /// <summary>Pools whose data may be lost by this command; <c>all</c> names every pool.</summary>
    [Id(7)]
    public string[] DataLossConsent { get; init; } = [];

    /// <summary>W3C trace context of the request.</summary>
    [Id(8)]
    public string? TraceParent { get; init; }

    /// <summary>For Put: annotations.</summary>
    [Id(9)]
    public Dictionary<string, string> Annotations { get; init; } = [];
}

/// <summary>What became of a command.</summary>
[GenerateSerializer]
[Immutable]
[Alias("tarmak.accepted")]
public sealed record AcceptResult
{
    /// <summary>Why it was refused, in one sentence; null when it was accepted.</summary>
    [Id(0)]
    public string? Refusal { get; init; }

    /// <summary>Whether the refusal is a precondition of the state (dependants, stale version) rather than a fault of the request.</summary>
    [Id(1)]
    public bool Precondition { get; init; }

    /// <summary>What it did: <c>created</c>, <c>changed</c>, <c>unchanged</c>, <c>deleting</c>, <c>absent</c>.</summary>
    [Id(2)]
    public string Action { get; init; } = "";

    /// <summary>Generation of the resource after it.</summary>
    [Id(3)]
    public long Generation { get; init; }
}
