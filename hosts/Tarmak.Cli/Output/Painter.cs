using Spectre.Console;

namespace Tarmak.Cli.Output;

/// <summary>Prints text with colours where they are wanted, without touching its width or breaking its lines.</summary>
internal sealed class Painter
{
    private readonly TextWriter _out;
    private readonly bool _color;

    /// <summary>Prints to a writer.</summary>
    /// <param name="output">The writer.</param>
    /// <param name="color">Whether colours are wanted.</param>
    public Painter(TextWriter output, bool color)
    {
        _out = output;
        _color = color;
    }

    /// <summary>A console for what Spectre draws itself.</summary>
    /// <param name="context">The world of the command.</param>
    public static IAnsiConsole Console(CliContext context) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = context.Color ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(context.Out),
    });

    /// <summary>Prints one line.</summary>
    /// <param name="parts">Its parts.</param>
    public void Line(IReadOnlyList<TextPart> parts)
    {
        foreach (var part in parts)
        {
            var code = _color ? Code(part.Tone) : "";
            _out.Write(code.Length == 0 ? part.Text : $"\u001b[{code}m{part.Text}\u001b[0m");
        }

        _out.WriteLine();
    }

    private static string Code(Tone tone) => tone switch
    {
        Tone.Good => "32",
        Tone.Busy => "33",
        Tone.Bad => "1;31",
        Tone.Quiet => "90",
        _ => "",
    };
}
