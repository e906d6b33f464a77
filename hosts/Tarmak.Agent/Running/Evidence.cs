using System.Diagnostics;

namespace Tarmak.Agent.Running;

/// <summary>Has the machine prove to its cloud which one it is.</summary>
/// <param name="paths">Where files are.</param>
internal sealed class Evidence(AgentPaths paths)
{
    private const int Longest = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Gives evidence for a nonce.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>The evidence.</returns>
    /// <exception cref="AgentException">The machine has no program for it, or that failed.</exception>
    public async Task<byte[]> GiveAsync(ReadOnlyMemory<byte> nonce, CancellationToken cancellationToken)
    {
        if (!File.Exists(paths.EvidenceProgram))
        {
            throw new AgentException($"The engine asks for evidence of this machine, and {paths.EvidenceProgram} is absent from its image.");
        }

        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Limit);
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo("/bin/sh", [paths.EvidenceProgram, Convert.ToHexStringLower(nonce.Span)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            string output = await process.StandardOutput.ReadToEndAsync(deadline.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return process.ExitCode == 0 && output.Length <= Longest
                ? Convert.FromBase64String(output.Trim())
                : throw new AgentException($"{paths.EvidenceProgram} failed with exit code {process.ExitCode}: {(await errors.ConfigureAwait(false)).ReplaceLineEndings(" ").Trim()}");
        }
        catch (Exception exception) when (exception is FormatException or System.ComponentModel.Win32Exception)
        {
            throw new AgentException($"{paths.EvidenceProgram} gave no evidence.", exception);
        }
        catch (OperationCanceledException)
        {
            // Whoever gave up waiting, it must not go on by itself.
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new AgentException($"{paths.EvidenceProgram} did not end within {Limit.TotalSeconds:0} seconds.");
        }
    }
}
