namespace Tarmak.Cli.Engine;

/// <summary>An engine that answers.</summary>
/// <param name="Started">Whether it was started for this command.</param>
/// <param name="Version">Its version.</param>
/// <param name="Took">From the start until it answered.</param>
internal sealed record EngineStart(bool Started, string Version, TimeSpan Took);
