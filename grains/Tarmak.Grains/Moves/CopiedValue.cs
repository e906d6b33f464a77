namespace Tarmak.Grains.Moves;

/// <summary>A value at a place.</summary>
/// <param name="Content">The content.</param>
/// <param name="Version">Identity of this version, at this place.</param>
internal sealed record CopiedValue(ReadOnlyMemory<byte> Content, string Version);
