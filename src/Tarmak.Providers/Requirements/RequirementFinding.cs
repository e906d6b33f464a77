namespace Tarmak.Providers.Requirements;

/// <summary>How a requirement was found.</summary>
public enum RequirementState
{
    /// <summary>It is so.</summary>
    Met,

    /// <summary>It is not so.</summary>
    Unmet,

    /// <summary>It could not be found out.</summary>
    Unknown,
}

/// <summary>What a look at the real account told about one requirement.</summary>
/// <param name="Requirement">The requirement.</param>
/// <param name="State">How it was found.</param>
/// <param name="Sentence">What was seen; where it is not met, how to mend it, and where it is unknown, what kept from looking.</param>
public sealed record RequirementFinding(Requirement Requirement, RequirementState State, string Sentence);
