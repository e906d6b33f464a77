namespace Tarmak.Machines.Steps;

/// <summary>One call of a driver, exactly as the committed intent recorded it.</summary>
public sealed record StepCall
{
    /// <summary>Number of the call within the activation; an outcome that names another call is dropped.</summary>
    public required long CallId { get; init; }

    /// <summary>The resource kind, see <c>ResourceKinds</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the bound provider.</summary>
    public required string Provider { get; init; }

    /// <summary>What to do.</summary>
    public required StepKind Step { get; init; }

    /// <summary>The machine that owns the object.</summary>
    public required MachineAddress Owner { get; init; }

    /// <summary>Identity of the owning machine.</summary>
    public required string Uid { get; init; }

    /// <summary>Which object in the line of replacements this is, from 1.</summary>
    public required int Incarnation { get; init; }

    /// <summary>Idempotency token: uid, step and incarnation. A repeated call carries the same one.</summary>
    public required string Token { get; init; }

    /// <summary>JSON of the kind's specification.</summary>
    public required string Parameters { get; init; }

    /// <summary>The provider's id, where known. Deletes and updates name it, never only a name.</summary>
    public string? ObjectId { get; init; }

    /// <summary>Handle of the step in progress, when it is asked after.</summary>
    public string? Handle { get; init; }

    /// <summary>W3C trace context of the operation, for a linked span.</summary>
    public string? TraceParent { get; init; }
}
