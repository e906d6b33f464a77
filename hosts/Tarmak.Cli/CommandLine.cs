using System.CommandLine;
using System.CommandLine.Help;
using Grpc.Core;
using Tarmak.Cli.Commands;
using Tarmak.Cli.Engine;

namespace Tarmak.Cli;

/// <summary>The whole command line: what there is, and how any failure ends.</summary>
internal static class CommandLine
{
    /// <summary>Builds the tree of commands.</summary>
    /// <param name="context">The world they run in.</param>
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("Drives declared Kubernetes clusters to what their owners declared, and keeps them there.")
        {
            UpCommand.Create(context),
            DownCommand.Create(context),
            PlanCommand.Create(context),
            ApplyCommand.Create(context),
            DeleteCommand.Create(context),
            GetCommand.Create(context),
            DescribeCommand.Create(context),
            EventsCommand.Create(context),
            ExplainCommand.Create(context),
            RecoverCommand.Create(context),
            RecoveryKeyCommand.Create(context),
            ProvidersCommand.Create(context),
            ConformanceCommand.Create(context),
            CredentialsCommand.Create(context),
            SshCommand.Create(context),
            LogsCommand.Create(context),
            SchemaCommand.Create(context),
            VersionCommand.Create(context),
            CompletionCommand.Create(context),
            CompleteCommand.Create(context),
            CheckCommand.Create(context),
        };
        return root;
    }

    /// <summary>Runs one command.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="context">The world it runs in.</param>
    public static async Task<int> RunAsync(string[] args, CliContext context)
    {
        try
        {
            var parsed = Build(context).Parse(args.Length == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0 && parsed.Action is not (HelpAction))
            {
                // That a command is missing is no news when what stands there is none.
                var errors = parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command is RootCommand ? parsed.Errors.Skip(1) : parsed.Errors;
                foreach (var error in errors)
                {
                    await context.Error.WriteLineAsync($"tarmak: {Output.PlainText.Of(error.Message)}");
                }

                var name = parsed.CommandResult.Command is RootCommand ? "tarmak" : $"tarmak {parsed.CommandResult.Command.Name}";
                await context.Error.WriteLineAsync($"Try `{name} --help`.");
                return ExitCode.Usage;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                Output = context.Out,
                Error = context.Error,
            });
        }
        catch (CliException exception)
        {
            return await FailAsync(context, exception);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.Cancelled)
        {
            return ExitCode.Interrupted;
        }
        catch (RpcException exception)
        {
            return await FailAsync(context, RpcFailure.Explain(exception, context.Home));
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            // The reader of a pipe has seen enough, as `head` does.
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(context, new CliException(exception.Message));
        }
        catch (Exception exception)
        {
            // The program's boundary: whatever nobody foresaw ends in a sentence too, not in a trace and a dump.
            return await FailAsync(context, new CliException($"This went wrong inside tarmak, and should not have: {Output.PlainText.Of(exception.Message)} ({exception.GetType().Name})", exception));
        }
    }

    private static int BrokenPipe => 32;

    private static async Task<int> FailAsync(CliContext context, CliException exception)
    {
        await context.Error.WriteLineAsync(exception.Bare ? exception.Message : $"tarmak: {exception.Message}");
        return exception.ExitCode;
    }
}
