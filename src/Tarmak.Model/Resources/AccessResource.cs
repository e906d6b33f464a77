using System.Collections.Immutable;

namespace Tarmak.Model.Resources;

/// <summary>Who an instance is at its cloud, and what it may call there.</summary>
public sealed record AccessIdentitySpec
{
    /// <summary>Key of the instance, for example <c>dev/demo/etcd/0</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Identity of the instance; the common name of its agent's certificate.</summary>
    public required string InstanceUid { get; init; }

    /// <summary>Role of its pool.</summary>
    public required string Role { get; init; }

    /// <summary>Further policies, by the provider's own names for them.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];

    /// <summary>What its cloud grants it by itself, no engine between.</summary>
    public ImmutableArray<InstanceGrant> Grants { get; init; } = [];

    /// <summary>The edge that decides, where the provider decides on the edge.</summary>
    public string? EdgeId { get; init; }
}

/// <summary>The identity.</summary>
/// <param name="MachineIdentity">What a machine must be started as; null where the cloud knows its machines otherwise, or has no identities.</param>
public sealed record AccessIdentityOutputs(string? MachineIdentity);

/// <summary>All that was granted to an instance: what is left out is refused from its next call on.</summary>
/// <param name="Instance">Key of the instance.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="Grants">The grants.</param>
public sealed record AccessGrantsSpec(string Instance, string InstanceUid, ImmutableArray<InstanceGrant> Grants);

/// <summary>The record.</summary>
/// <param name="InstanceUid">Whose grants they are.</param>
public sealed record AccessGrantsOutputs(string InstanceUid);

/// <summary>One thing an instance may read or use.</summary>
/// <param name="Path">What it is, see <see cref="GrantPaths"/>.</param>
/// <param name="Verbs">What it may do with it, see <see cref="GrantVerbs"/>.</param>
/// <param name="TtlSeconds">How long, in seconds, what is handed out for it may stay good by itself: a presigned address, a token.</param>
public sealed record InstanceGrant(string Path, ImmutableArray<string> Verbs, int TtlSeconds = InstanceGrant.UsualTtlSeconds)
{
    /// <summary>The usual life of what is handed out.</summary>
    public const int UsualTtlSeconds = 900;

    /// <summary>Whether it allows something.</summary>
    /// <param name="path">What is wanted.</param>
    /// <param name="verb">What is to be done with it.</param>
    /// <returns>Whether it does. A path is taken literally: it allows nothing under it.</returns>
    public bool Allows(string path, string verb) => Path == path && Verbs.Contains(verb);
}
