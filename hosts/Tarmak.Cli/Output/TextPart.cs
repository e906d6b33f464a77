namespace Tarmak.Cli.Output;

/// <summary>A piece of a line.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Tone">What it means.</param>
internal readonly record struct TextPart(string Text, Tone Tone = Tone.Plain);
