namespace Tarmak.Providers.Requirements;

/// <summary>What sort of thing a requirement asks for.</summary>
public enum RequirementKind
{
    /// <summary>A right of the account or the process, by the provider's own name for it.</summary>
    Permission,

    /// <summary>Room under a limit of the account.</summary>
    Quota,

    /// <summary>Something of the engine's machine or its network: a program, a socket, free disk.</summary>
    Place,
}

/// <summary>One thing that must be so for a provider to work.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Name">The provider's own name for it, for example <c>ec2:RunInstances</c>, or a short one.</param>
/// <param name="Reason">What it is for, in one sentence.</param>
public sealed record Requirement(RequirementKind Kind, string Name, string Reason);
