using Grpc.Core;
using Tarmak.Cli.Engine;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Commands;

/// <summary>Asks the user before something is lost.</summary>
internal static class Consent
{
    /// <summary>Makes a change, and asks for consent when the engine refuses because data would be lost.</summary>
    /// <typeparam name="T">What the engine answers.</typeparam>
    /// <param name="context">The world.</param>
    /// <param name="given">Names consented to already.</param>
    /// <param name="call">Makes the change with these names.</param>
    public static async Task<T> RunAsync<T>(CliContext context, IReadOnlyList<string> given, Func<IReadOnlyList<string>, Task<T>> call)
    {
        try
        {
            return await call(given);
        }
        catch (RpcException failure) when (RpcFailure.Consents(failure) is { Count: > 0 } needed)
        {
            if (!context.IsInteractive)
            {
                throw Refusal(needed);
            }

            await AskAsync(context, needed);
            return await call([.. given, .. needed.Select(n => n.Name)]);
        }
    }

    /// <summary>Asks for a name to be typed; ends the command when another is.</summary>
    /// <param name="context">The world.</param>
    /// <param name="question">What happens then.</param>
    /// <param name="name">The name.</param>
    public static async Task TypedAsync(CliContext context, string question, string name)
    {
        await context.Error.WriteLineAsync(question);
        await context.Error.WriteAsync($"Type {name} to go on: ");
        await context.Error.FlushAsync();
        var answer = await context.In.ReadLineAsync();
        if (answer?.Trim() != name)
        {
            throw new CliException("Not confirmed; nothing was changed.");
        }
    }

    private static async Task AskAsync(CliContext context, IReadOnlyList<ConsentNeeded> needed)
    {
        foreach (var consent in needed)
        {
            await TypedAsync(context, $"This loses data. {PlainText.Of(consent.Reason)}", consent.Name);
        }
    }

    private static CliException Refusal(IReadOnlyList<ConsentNeeded> needed)
    {
        var names = string.Join(' ', needed.Select(n => PlainText.Of(n.Name)));
        var reasons = string.Join(' ', needed.Select(n => PlainText.Of(n.Reason)).Where(r => r.Length > 0));
        return new CliException($"{reasons} Nothing was changed; consent with --allow-data-loss {names}".TrimStart());
    }
}
