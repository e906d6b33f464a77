using System.ComponentModel;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Engine;

/// <summary>Has the engine's program make one plan: the request goes in, the plan or the refusal comes out, and it ends.</summary>
internal static class OfflinePlan
{
    private const int Refused = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs the program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="request">The manifests.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">The manifests are refused.</exception>
    public static async Task<PlanResponse> RunAsync(string program, IReadOnlyList<string> arguments, PlanRequest request, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var answer = ReadAsync(process.StandardOutput.BaseStream, deadline.Token);
            var said = process.StandardError.ReadToEndAsync(deadline.Token);
            await SendAsync(process, request, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await answer) switch
            {
                (0, var plan) => PlanResponse.Parser.ParseFrom(plan),
                (Refused, { Length: > 0 } status) => throw RpcFailure.From(status),
                _ => throw new CliException(LastWords.Of(await said) ?? $"The engine's program {program} could not plan and said nothing."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"The engine's program {program} did not plan within {Durations.Short(Deadline)}.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception exception)
        {
            throw new CliException($"The engine {program} could not be started: {exception.Message}.", exception);
        }
    }

    private static async Task SendAsync(Process process, PlanRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(request.ToByteArray(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and last words say why.
            return;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
