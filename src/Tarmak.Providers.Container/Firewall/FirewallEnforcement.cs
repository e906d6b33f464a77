using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Docker.DotNet.Models;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Container.Engine;

namespace Tarmak.Providers.Container.Firewall;

/// <summary>Puts groups' rulesets in force in their machines. A machine takes a later ruleset only, and keeps it over restarts.</summary>
internal sealed class FirewallEnforcement(ContainerEngine engine)
{
    private const string Program = "/usr/lib/tarmak/firewall";
    private const string Folder = "etc/tarmak/firewall";

    // Less than what one argument may hold.
    private const int PartLength = 100_000;

    /// <summary>A group's files in a machine that does not run; it starts with them.</summary>
    public static IEnumerable<TarEntry> Files(FirewallGroup group) =>
    [
        TarFiles.Folder(Folder, TarFiles.Executable),
        TarFiles.File($"{Folder}/rules.nft", Ruleset.Of(group), TarFiles.Readable),
        TarFiles.File($"{Folder}/version", Version(group), TarFiles.Readable),
    ];

    /// <summary>Whether any machine, running or not, is in a group.</summary>
    public async Task<bool> HasMachinesAsync(string group, CancellationToken cancellationToken) =>
        (await MachinesAsync(group, cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>Puts a group's ruleset in force in all its running machines.</summary>
    public async Task PutInForceAsync(string name, FirewallGroup group, CancellationToken cancellationToken)
    {
        var machines = await RunningAsync(name, cancellationToken).ConfigureAwait(false);
        await Task.WhenAll(machines.Select(id => PutInForceAsync(id, name, group, cancellationToken))).ConfigureAwait(false);
    }

    /// <summary>Puts a group's ruleset in force in one machine; one that stopped meanwhile gets it when it starts.</summary>
    public async Task PutInForceAsync(string machineId, string name, FirewallGroup group, CancellationToken cancellationToken)
    {
        var result = await RunAsync(machineId, ["apply", Version(group), .. Packed(Ruleset.Of(group))], cancellationToken).ConfigureAwait(false);
        if (result is { ExitCode: not (0 or 10) })
        {
            throw EngineFaultException.Failed(
                ErrorClass.Transient, $"The rules of firewall group {name} could not be put in force in machine {machineId} (exit code {result.ExitCode}): {(result.Output + result.Errors).ReplaceLineEndings(" ").Trim()}");
        }
    }

    /// <summary>The running machines of a group in which something else than its ruleset is in force.</summary>
    public async Task<IReadOnlyList<string>> OtherwiseAsync(string name, FirewallGroup group, CancellationToken cancellationToken)
    {
        var machines = await RunningAsync(name, cancellationToken).ConfigureAwait(false);
        var looks = await Task.WhenAll(machines.Select(async id =>
            (Id: id, Result: await RunAsync(id, ["check"], cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
        return [.. looks.Where(look => look.Result is { } result && result.Output.Trim() != Version(group)).Select(look => look.Id)];
    }

    private static string Version(FirewallGroup group) => group.Version.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length).Chunk(PartLength).Select(part => new string(part));
    }

    private async Task<IReadOnlyList<string>> RunningAsync(string group, CancellationToken cancellationToken) =>
        [.. (await MachinesAsync(group, cancellationToken).ConfigureAwait(false)).Where(c => c.State == "running").Select(c => c.ID)];

    private async Task<IList<ContainerListResponse>> MachinesAsync(string group, CancellationToken cancellationToken)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [$"{Labels.FirewallGroup}={group}"] = true },
        };
        return await engine.ReadAsync(
            "Listing machines of a firewall group",
            (d, t) => d.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }, t),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the firewall's program in a machine; null where it is not running any more.</summary>
    private async Task<ExecResult?> RunAsync(string machineId, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.ExecAsync(machineId, ["/bin/sh", Program, .. arguments], cancellationToken).ConfigureAwait(false);
        }
        catch (EngineFaultException fault) when (fault.Outcome is StepOutcome.Failed)
        {
            if (await engine.FindContainerAsync(machineId, cancellationToken).ConfigureAwait(false) is { State.Running: true })
            {
                throw;
            }

            return null;
        }
    }
}
