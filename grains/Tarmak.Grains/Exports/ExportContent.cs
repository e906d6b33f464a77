using System.Collections.Immutable;

namespace Tarmak.Grains.Exports;

/// <summary>What one part of an export holds.</summary>
internal sealed record ExportContent
{
    /// <summary>The machines' states, each as its JSON, of whichever schema wrote it.</summary>
    public required ImmutableArray<string> Machines { get; init; }

    /// <summary>The agents of its instances.</summary>
    public required ImmutableArray<ExportedAgent> Agents { get; init; }

    /// <summary>Of the environment's own part: what the engine itself keeps secret and agents know it by, by path, as base64.</summary>
    public ImmutableSortedDictionary<string, string>? EngineSecrets { get; init; }
}

/// <summary>An enrolment as the agent directory has it, with the newest run that was reported under it.</summary>
/// <param name="Token">Token of the step that made its machine.</param>
/// <param name="Instance">Key of the instance.</param>
/// <param name="InstanceUid">Identity of the instance.</param>
/// <param name="SecretHash">SHA-256 (hex) of the one-time secret.</param>
/// <param name="ExpiresAt">When the one-time secret expires, as stored.</param>
/// <param name="PublicKeyHash">SHA-256 (hex) of the agent's key; null: it has not enrolled.</param>
/// <param name="SshHostKeys">Its machine's SSH host keys, as stored.</param>
/// <param name="EnrolledAt">When it enrolled, as stored.</param>
/// <param name="Run">The newest run; null: none was reported.</param>
internal sealed record ExportedAgent(
    string Token, string Instance, string InstanceUid, string SecretHash, string ExpiresAt, string? PublicKeyHash, string? SshHostKeys, string? EnrolledAt,
    ExportedRun? Run);

/// <summary>A configuration run as the agent directory has it.</summary>
/// <param name="Number">Number of the run.</param>
/// <param name="BundleHash">The bundle applied.</param>
/// <param name="Result">How it ended, as stored.</param>
/// <param name="TotalResources">Resources in the catalogue.</param>
/// <param name="Seconds">Duration, in seconds.</param>
/// <param name="Message">Why it failed, if it did.</param>
/// <param name="Resources">The changed or failed resources, as stored.</param>
/// <param name="At">When it was reported, as stored.</param>
internal sealed record ExportedRun(
    long Number, string BundleHash, string Result, int TotalResources, double Seconds, string? Message, string Resources, string At);
