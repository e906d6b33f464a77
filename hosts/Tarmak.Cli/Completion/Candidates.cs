using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace Tarmak.Cli.Completion;

/// <summary>
/// What may stand where the user is typing. The library's own completions name every argument of a command wherever
/// the word is; here the word's place decides: the value of an option, the next argument, a command or an option.
/// </summary>
internal static class Candidates
{
    /// <summary>The candidates that begin as the last word does, in order.</summary>
    /// <param name="root">The whole command line.</param>
    /// <param name="words">The words typed so far, without the program's name; the last is unfinished and may be empty.</param>
    public static IEnumerable<string> Of(RootCommand root, IReadOnlyList<string> words)
    {
        var typed = words.Count == 0 ? "" : words[^1];
        var before = words.Take(words.Count - 1).ToList();
        return All(root, root.Parse(before), before.LastOrDefault() ?? "", typed)
            .Where(c => c.StartsWith(typed, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> All(RootCommand root, ParseResult before, string previous, string typed)
    {
        if (before.Tokens.Any(t => t.Type == TokenType.DoubleDash))
        {
            return [];
        }

        var command = before.CommandResult.Command;
        if (command.Options.FirstOrDefault(o => o.Name == previous || o.Aliases.Contains(previous)) is { } option && TakesValue(option))
        {
            return Texts(option.GetCompletions(before.GetCompletionContext()));
        }

        if (typed.StartsWith('-'))
        {
            return Options(root, command);
        }

        // A command's word comes before any argument.
        var filled = before.CommandResult.Children.OfType<ArgumentResult>().Sum(a => a.Tokens.Count);
        var commands = filled > 0 ? [] : command.Subcommands.Where(c => !c.Hidden).SelectMany(c => c.Aliases.Append(c.Name));
        var places = commands.Concat(NextArgument(before, command, filled)).ToList();
        return places.Count > 0 ? places : Options(root, command);
    }

    private static IEnumerable<string> NextArgument(ParseResult before, Command command, int filled) =>
        filled < command.Arguments.Count ? Texts(command.Arguments[filled].GetCompletions(before.GetCompletionContext())) : [];

    // Short names are for fingers, not for lists.
    private static IEnumerable<string> Options(RootCommand root, Command command) =>
        command.Options.Concat(root.Options.Where(o => o.Recursive)).Where(o => !o.Hidden).Select(o => o.Name).Where(name => name.StartsWith("--", StringComparison.Ordinal));

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    private static IEnumerable<string> Texts(IEnumerable<CompletionItem> items) => items.Select(item => item.InsertText ?? item.Label);
}
