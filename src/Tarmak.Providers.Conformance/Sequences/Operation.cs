namespace Tarmak.Providers.Conformance.Sequences;

/// <summary>What is done in a random sequence.</summary>
internal enum OperationKind
{
    /// <summary>The object is ensured.</summary>
    Ensure,

    /// <summary>The object is ensured, and the process dies before it hears of it.</summary>
    EnsureAndDie,

    /// <summary>The object is looked at by its id, where one is known.</summary>
    ObserveById,

    /// <summary>The object is looked at by its name.</summary>
    ObserveByName,

    /// <summary>The object is deleted; where it is gone already, once more.</summary>
    Delete,

    /// <summary>The object is deleted, and the process dies before it hears of it.</summary>
    DeleteAndDie,

    /// <summary>A delete of the object's predecessor arrives late.</summary>
    DeletePredecessor,

    /// <summary>Somebody else deletes the object by its id.</summary>
    DeleteAsStranger,

    /// <summary>What is owned is listed.</summary>
    List,
}

/// <summary>One step of a random sequence.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Slot">To which of the objects, from 0.</param>
internal sealed record Operation(OperationKind Kind, int Slot)
{
    /// <inheritdoc/>
    public override string ToString() => Kind == OperationKind.List ? "List" : $"{Kind} {(char)('a' + Slot)}";
}
