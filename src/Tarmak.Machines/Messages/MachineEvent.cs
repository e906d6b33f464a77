namespace Tarmak.Machines.Messages;

/// <summary>Something a reader of the history should know. It is committed with the state that it speaks of.</summary>
/// <param name="Warning">Whether it is something amiss.</param>
/// <param name="Reason">One word in CamelCase, stable, for programs.</param>
/// <param name="Message">One sentence in plain words.</param>
public sealed record MachineEvent(bool Warning, string Reason, string Message);
