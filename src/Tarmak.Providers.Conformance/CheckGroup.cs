namespace Tarmak.Providers.Conformance;

/// <summary>What sort of demand a check is about.</summary>
public enum CheckGroup
{
    /// <summary>The sheet says what is so.</summary>
    Sheet,

    /// <summary>An object is made once, found, changed and gone.</summary>
    Lifecycle,

    /// <summary>The engine dies at any point.</summary>
    Deaths,

    /// <summary>Random sequences against a model.</summary>
    Sequences,

    /// <summary>Whose an object is.</summary>
    Ownership,

    /// <summary>What a plan is made of holds.</summary>
    Plans,

    /// <summary>Faults come back as their class.</summary>
    Faults,

    /// <summary>What the capability itself is about.</summary>
    Behaviour,

    /// <summary>What one provider makes is served by another.</summary>
    Overrides,
}
