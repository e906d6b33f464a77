using Tarmak.Cli.Engine;

namespace Tarmak.Cli;

/// <summary>The world a command runs in: streams, terminal, clock, environment and engine. Tests bring their own.</summary>
internal sealed class CliContext
{
    /// <summary>Where answers are read from.</summary>
    public required TextReader In { get; init; }

    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where progress, prompts and failures go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether somebody can be asked.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal that can draw.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Whether colours are wanted.</summary>
    public required bool Color { get; init; }

    /// <summary>Size of the terminal in characters.</summary>
    public required Func<(int Width, int Height)> Size { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Files of the embedded engine.</summary>
    public required EngineHome Home { get; init; }

    /// <summary>Starts and stops the embedded engine.</summary>
    public required IEngineProcess Engine { get; init; }

    /// <summary>The world as it is.</summary>
    public static CliContext FromProcess()
    {
        var home = EngineHome.FromEnvironment(Environment.GetEnvironmentVariable);
        var dumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var output = Console.Out;
        return new CliContext
        {
            In = Console.In,
            Out = output,
            Error = Console.Error,
            IsInteractive = !Console.IsInputRedirected && !Console.IsErrorRedirected,
            IsTerminal = !Console.IsOutputRedirected && !dumb,
            Color = !dumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Size = static () => (Math.Max(Console.WindowWidth, 40), Math.Max(Console.WindowHeight, 10)),
            Time = TimeProvider.System,
            Home = home,
            Engine = new DetachedEngine(home, EngineBinary.Find, TimeProvider.System),
        };
    }

    /// <summary>Opens a connection to the engine; nothing is sent yet.</summary>
    public EngineConnection Connect() => new(Home);
}
