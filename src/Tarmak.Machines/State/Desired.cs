namespace Tarmak.Machines.State;

/// <summary>What the owner wants.</summary>
/// <param name="Generation">Rises with each changed specification; given by the parent, or by the command for an environment.</param>
/// <param name="Spec">Specification as JSON; its shape is the machine kind's or the resource kind's.</param>
/// <param name="SpecHash">SHA-256 (hex) of <paramref name="Spec"/>.</param>
/// <param name="Deleting">Whether it is to be deleted. Delete supersedes everything, and is never taken back under the same uid.</param>
/// <param name="DataLossConsent">Whether data may go with it.</param>
public sealed record Desired(long Generation, string Spec, string SpecHash, bool Deleting, bool DataLossConsent);
