using System.Globalization;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>What checks have machines do: those that run their image themselves, for others whoever answers for them.</summary>
internal static class Senders
{
    /// <summary>What an open port answers within, also on a machine that is busy.</summary>
    private const int OpenSeconds = 30;

    /// <summary>What a closed port is given to answer all the same.</summary>
    private const int ClosedSeconds = 2;

    /// <summary>Whether a provider's machines can be had to do anything.</summary>
    public static bool AreThere(IProvider provider) => provider.Access is not null || provider.StandIn is not null;

    /// <summary>The evidence a machine gives.</summary>
    public static async Task<byte[]> EvidenceAsync(CheckScope scope, string machineId, byte[] nonce, CancellationToken cancellationToken) => scope.Provider.StandIn is { } standIn
        ? (await standIn.EvidenceAsync(machineId, nonce, cancellationToken).ConfigureAwait(false)).ToArray()
        : Convert.FromBase64String((await scope.Provider.Access!.RunAsync(
            machineId, ["/bin/sh", IInstanceMetadata.EvidenceProgram, Convert.ToHexStringLower(nonce)], cancellationToken).ConfigureAwait(false)).Trim());

    /// <summary>Fails unless one machine reaches the other's port, or unless it does not.</summary>
    public static async Task ExpectAsync(bool open, CheckScope scope, MachineOutputs from, MachineOutputs to, int port, string why, CancellationToken cancellationToken)
    {
        var reached = scope.Provider.StandIn is { } standIn
            ? await standIn.ReachesAsync(from.MachineId, to.Address, FirewallProtocols.Tcp, port, cancellationToken).ConfigureAwait(false)
            : await ConnectAsync(scope.Provider.Access!, from, to, port, open ? OpenSeconds : ClosedSeconds, cancellationToken).ConfigureAwait(false);
        Expect.That(reached == open, string.Create(CultureInfo.InvariantCulture, $"{from.Address} {(open ? "does not reach" : "reaches")} {to.Address} at port {port}: {why}"));
    }

    private static async Task<bool> ConnectAsync(IMachineAccess access, MachineOutputs from, MachineOutputs to, int port, int seconds, CancellationToken cancellationToken)
    {
        Task<string> RunAsync(MachineOutputs on, string shell, FormattableString script) =>
            access.RunAsync(on.MachineId, [shell, "-c", script.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        await RunAsync(
            to, "/bin/sh",
            $"ss -ltn | grep -q ':{port} ' || {{ setsid ruby -rsocket -e 's = TCPServer.new({port}); loop {{ s.accept.close }}' > /dev/null 2>&1 < /dev/null & until ss -ltn | grep -q ':{port} '; do sleep 0.05; done; }}").ConfigureAwait(false);
        var said = await RunAsync(from, "/bin/bash", $"timeout {seconds} bash -c ': > /dev/tcp/{to.Address}/{port}' 2> /dev/null && echo open || echo closed").ConfigureAwait(false);
        return said.Trim() == "open";
    }
}
