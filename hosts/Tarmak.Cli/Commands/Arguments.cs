using System.CommandLine;
using System.CommandLine.Parsing;
using Tarmak.Cli.Completion;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary>Options and arguments several commands share.</summary>
internal static class Arguments
{
    /// <summary>How long is waited where nothing else is said.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(15);

    /// <summary><c>-f FILE…</c></summary>
    /// <param name="required">Whether it must be given.</param>
    public static Option<string[]> Files(bool required)
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Manifest files or directories; - reads standard input",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
            Required = required,
        };
        RefuseEmpty(files);
        return files;
    }

    /// <summary>Refuses a name that is empty, as a variable of a script that is not set leaves it.</summary>
    /// <param name="option">The option.</param>
    public static void RefuseEmpty(Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{option.Name} was given an empty name.");
        }
    });

    /// <summary><c>--allow-data-loss NAME…|all</c></summary>
    public static Option<string[]> AllowDataLoss() => new("--allow-data-loss")
    {
        Description = "Consent to lose the data of these, or of all",
        HelpName = "NAME|all",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
    };

    /// <summary><c>--timeout 15m</c></summary>
    public static Option<TimeSpan> Timeout() => new("--timeout")
    {
        Description = "Longest time to wait, such as 90s or 15m; the work goes on after it",
        HelpName = "DURATION",
        DefaultValueFactory = _ => DefaultTimeout,
        CustomParser = ParseDuration,
    };

    /// <summary>A duration with a name of its own.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it does.</param>
    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result => ParseDuration(result),
    };

    /// <summary>The full name of one resource.</summary>
    /// <param name="shape">How it looks, for the help.</param>
    /// <param name="description">What it names.</param>
    /// <param name="context">The world; completes names.</param>
    /// <param name="kinds">Kinds whose names complete it.</param>
    public static Argument<string> Name(string shape, string description, CliContext context, params string[] kinds)
    {
        var argument = new Argument<string>("name") { HelpName = shape, Description = description };
        argument.CompletionSources.Add(_ => ResourceNames.Of(context, kinds));
        return argument;
    }

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (!Durations.TryParse(text, out var duration))
        {
            result.AddError($"'{text}' is no duration; write it as 90s, 15m or 1h30m, and no longer than 3650d.");
        }

        return duration;
    }
}
