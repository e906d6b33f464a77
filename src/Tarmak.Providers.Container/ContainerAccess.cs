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
        ExecResult journal;
        try
        {
            journal = await engine.ExecAsync(
                machineId,
                ["journalctl", "--no-pager", "-q", "-o", "short-iso", "--utc", "--since", "@" + since.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)],
                cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault)
        {
            throw fault.ToProviderException();
        }

        if (journal.ExitCode != 0)
        {
            throw new ProviderException(ErrorClass.Transient, $"The journal of machine {machineId} could not be read: {journal.Errors.Trim()}");
        }

        foreach (var line in journal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            yield return line;
        }
    }
}
