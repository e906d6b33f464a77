using Grpc.Core;
using Tarmak.Cli.Engine;

namespace Tarmak.Cli.Commands;

/// <summary>Sends commands to the engine.</summary>
internal static class Sending
{
    /// <summary>Longest time one command may take. The engine gives it up after two minutes and says so; that answer is waited for.</summary>
    public static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(150);

    /// <summary>
    /// Sends a command. Where nobody knows whether it was accepted it is sent once more: by its id the engine tells that it
    /// is the same. Where it ended midway, what became of each document is printed.
    /// </summary>
    /// <typeparam name="T">What the engine answers.</typeparam>
    /// <param name="context">The world.</param>
    /// <param name="call">Sends it, to be answered by the moment given.</param>
    public static async Task<T> RunAsync<T>(CliContext context, Func<DateTime, AsyncUnaryCall<T>> call)
    {
        try
        {
            try
            {
                return await call(DateTime.UtcNow + CommandDeadline);
            }
            catch (RpcException failure) when (RpcFailure.MayHaveBeenAccepted(failure))
            {
                return await call(DateTime.UtcNow + CommandDeadline);
            }
        }
        catch (RpcException failure) when (RpcFailure.Documents(failure) is { Count: > 0 } documents)
        {
            await DocumentResults.PrintAsync(context.Out, documents);
            throw;
        }
    }
}
