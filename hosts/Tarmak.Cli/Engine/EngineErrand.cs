using System.ComponentModel;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Tarmak.Cli.Output;

namespace Tarmak.Cli.Engine;

/// <summary>Has the engine's program do one thing: the request goes in, the answer or the refusal comes out, and it ends.</summary>
/// <param name="what">What it does, as a verb.</param>
/// <param name="deadline">How long it may take.</param>
internal sealed class EngineErrand(string what, TimeSpan deadline)
{
    private const int Refused = 2;

    /// <summary>Runs the program.</summary>
    /// <typeparam name="T">Type of the answer.</typeparam>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="request">What it reads; nothing of it is in arguments.</param>
    /// <param name="answers">Reads the answer.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RpcException">The request is refused.</exception>
    public async Task<T> RunAsync<T>(string program, IReadOnlyList<string> arguments, IMessage request, MessageParser<T> answers, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        using var process = Start(program, arguments);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ended.CancelAfter(deadline);
        try
        {
            var answer = ReadAsync(process.StandardOutput.BaseStream, ended.Token);
            var said = process.StandardError.ReadToEndAsync(ended.Token);
            await SendAsync(process, request, ended.Token);
            await process.WaitForExitAsync(ended.Token);
            return (process.ExitCode, await answer) switch
            {
                (0, var told) => answers.ParseFrom(told),
                (Refused, { Length: > 0 } status) => throw RpcFailure.From(status),
                _ => throw new CliException(LastWords.Of(await said) ?? $"The engine's program {program} could not {what} and said nothing."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"The engine's program {program} did not {what} within {Durations.Short(deadline)}.");
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

    private static async Task SendAsync(Process process, IMessage request, CancellationToken cancellationToken)
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
