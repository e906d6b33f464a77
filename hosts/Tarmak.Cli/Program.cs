namespace Tarmak.Cli;

/// <summary>Entry point of <c>tarmak</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            return await CommandLine.RunAsync(args, CliContext.FromProcess());
        }
        catch (CliException exception)
        {
            await Console.Error.WriteLineAsync($"tarmak: {exception.Message}");
            return exception.ExitCode;
        }
    }
}
