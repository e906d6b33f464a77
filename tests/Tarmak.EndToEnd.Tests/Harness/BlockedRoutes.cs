namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>
/// Refuses every packet from the host to the instances' addresses, as on machines where containers live behind a
/// virtual machine, and counts what was tried. Needs root and iptables.
/// </summary>
internal sealed class BlockedRoutes(string cidr) : IAsyncDisposable
{
    private const string Comment = "tarmak-end-to-end";

    private string[] Rule => ["OUTPUT", "-d", cidr, "-m", "comment", "--comment", Comment, "-j", "REJECT"];

    public async Task BlockAsync(CancellationToken cancellationToken)
    {
        // A run that was killed has left its own.
        while ((await IptablesAsync(["-D", .. Rule], cancellationToken)).ExitCode == 0)
        {
        }

        var result = await IptablesAsync(["-I", .. Rule], cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"The routes could not be blocked: {result.Output}");
        }
    }

    /// <summary>How many packets the host tried to send to an instance.</summary>
    public async Task<long> RefusedAsync(CancellationToken cancellationToken)
    {
        var listing = (await IptablesAsync(["-nvxL", "OUTPUT"], cancellationToken)).Output;
        var rule = listing.Split('\n').Single(line => line.Contains(Comment, StringComparison.Ordinal) && line.Contains(cidr, StringComparison.Ordinal));
        return long.Parse(rule.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync() => await IptablesAsync(["-D", .. Rule], CancellationToken.None);

    private static Task<ShellResult> IptablesAsync(string[] arguments, CancellationToken cancellationToken) =>
        Shell.RunAsync("iptables", ["-w", .. arguments], null, TimeSpan.FromSeconds(20), cancellationToken);
}
