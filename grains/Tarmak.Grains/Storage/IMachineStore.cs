using System.Collections.Immutable;
using Tarmak.Grains.Abstractions;
using Tarmak.Machines;
using Tarmak.Machines.Messages;
using Tarmak.Machines.State;

namespace Tarmak.Grains.Storage;

/// <summary>
/// Keeps machine states. A write is one transaction: the state, its inventory row and its events, or nothing.
/// </summary>
public interface IMachineStore
{
    /// <summary>Reads a machine's state.</summary>
    /// <param name="address">The machine.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The state and its ETag, or null where none was written.</returns>
    Task<StoredMachine?> ReadAsync(MachineAddress address, CancellationToken cancellationToken);

    /// <summary>Writes a state if the stored one still has the expected ETag (null: none is stored).</summary>
    /// <param name="state">The next state.</param>
    /// <param name="expectedETag">ETag of the state it replaces.</param>
    /// <param name="events">Events that belong to it.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Somebody else wrote meanwhile; nothing was written.</exception>
    Task<string> WriteAsync(MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, CancellationToken cancellationToken);

    /// <summary>The same, and the answer of the command that the write is for, in one transaction.</summary>
    /// <param name="state">The next state.</param>
    /// <param name="expectedETag">ETag of the state it replaces.</param>
    /// <param name="events">Events that belong to it.</param>
    /// <param name="answered">The answer; null: it is for no command.</param>
    /// <param name="cancellationToken">Ends the wait, not the write.</param>
    /// <returns>The new ETag.</returns>
    /// <exception cref="Orleans.Storage.InconsistentStateException">Somebody else wrote meanwhile; nothing was written.</exception>
    Task<string> WriteAsync(
        MachineState state, string? expectedETag, ImmutableArray<MachineEvent> events, AnsweredRequest? answered, CancellationToken cancellationToken);

    /// <summary>
    /// The machines to be woken after a start, and no others: those that are not at rest, and the roots, of which this
    /// engine may plan more than the one before it did.
    /// </summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Their addresses.</returns>
    Task<IReadOnlyList<MachineAddress>> ListToWakeAsync(CancellationToken cancellationToken);
}

/// <summary>A stored state.</summary>
/// <param name="State">The state.</param>
/// <param name="ETag">Identity of this version.</param>
public sealed record StoredMachine(MachineState State, string ETag);
