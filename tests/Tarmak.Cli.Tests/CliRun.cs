namespace Tarmak.Cli.Tests;

/// <summary>Runs commands as a user would, against a fake engine, and keeps what they print.</summary>
internal sealed class CliRun
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly FakeEngine _engine;

    public CliRun(FakeEngine engine) => _engine = engine;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Answers { get; init; } = "";

    public TextReader? Input { get; init; }

    public bool IsInteractive { get; init; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public CliContext Context => new()
    {
        In = Input ?? new StringReader(Answers),
        Out = _out,
        Error = _error,
        IsInteractive = IsInteractive,
        IsTerminal = false,
        Color = false,
        Size = static () => (80, 24),
        Time = Time,
        Home = _engine.Home,
        Engine = _engine,
    };

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(args, Context);
}
