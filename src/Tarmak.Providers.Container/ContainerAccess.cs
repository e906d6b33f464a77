using System.Globalization;
using System.Runtime.CompilerServices;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container;

/// <summary>Access to machines through the engine: no network in between.</summary>
internal sealed class ContainerAccess(ContainerEngine engine) : IMachineAccess
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadJournalAsync(
        string machineId, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] command =
            ["journalctl", "--no-pager", "-q", "-o", "short-iso", "--utc", "--since", "@" + since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)];
        foreach (var line in (await RunAsync(machineId, command, cancellationToken).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return line;
        }
    }

    /// <inheritdoc/>
    public async Task<string> RunAsync(string machineId, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            var result = await engine.ExecAsync(machineId, command, cancellationToken).ConfigureAwait(false);
            return result.ExitCode == 0
                ? result.Output
                : throw new ProviderException(
                    ErrorClass.Transient, $"{command[0]} failed on machine {machineId} (exit code {result.ExitCode}): {result.Errors.ReplaceLineEndings(" ").Trim()}");
        }
        catch (EngineFaultException fault)
        {
            throw fault.ToProviderException();
        }
    }
}
