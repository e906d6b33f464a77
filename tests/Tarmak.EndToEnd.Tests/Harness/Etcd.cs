namespace Tarmak.EndToEnd.Tests.Harness;

/// <summary>The cluster's etcd, through the credentials that <c>tarmak credentials</c> wrote.</summary>
internal sealed class Etcd
{
    private readonly string folder;

    private Etcd(string folder) => this.folder = folder;

    public string Endpoint => File.ReadLines(Path.Combine(folder, "endpoints")).First();

    public string NamedEndpoint => File.ReadLines(Path.Combine(folder, "endpoints")).Last();

    public string AuthorityFile => Path.Combine(folder, "ca.crt");

    public string CertificateFile => Path.Combine(folder, "client.crt");

    public string KeyFile => Path.Combine(folder, "client.key");

    public static async Task<Etcd> OfAsync(Installation installation, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(installation.Home, "credentials-of-the-test");
        await installation.MustAsync(cancellationToken, "credentials", "dev/demo", "--dir", folder);
        return new Etcd(folder);
    }

    public async Task PutAsync(string key, string value, CancellationToken cancellationToken) =>
        (await RunAsync(true, cancellationToken, "put", key, value)).ExitCode.Should().Be(0);

    public async Task<string> GetAsync(string key, CancellationToken cancellationToken) =>
        (await RunAsync(true, cancellationToken, "get", key, "--print-value-only")).Output.Trim();

    public Task<ShellResult> RunAsync(bool withCertificate, CancellationToken cancellationToken, params string[] command) =>
        RunAsync("etcdctl", [.. Arguments(Endpoint, withCertificate), .. command], cancellationToken);

    /// <summary>
    /// Runs etcdctl against the cluster's name. It asks the system for addresses, so it gets a hosts file of its own that
    /// holds what the environment's DNS server answered.
    /// </summary>
    public async Task<ShellResult> RunByNameAsync(string host, string address, CancellationToken cancellationToken, params string[] command)
    {
        var hosts = Path.Combine(folder, "hosts");
        await File.WriteAllTextAsync(hosts, $"{address} {host}\n", cancellationToken);
        return await RunAsync(
            "unshare",
            ["--mount", "sh", "-c", """mount --bind "$0" /etc/hosts && exec etcdctl "$@" """, hosts, .. Arguments(NamedEndpoint, withCertificate: true), .. command],
            cancellationToken);
    }

    private static Task<ShellResult> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Shell.RunAsync(program, arguments, new Dictionary<string, string> { ["ETCDCTL_API"] = "3" }, TimeSpan.FromSeconds(60), cancellationToken);

    private string[] Arguments(string endpoint, bool withCertificate) =>
    [
        "--endpoints", endpoint, "--cacert", AuthorityFile, "--command-timeout", "20s", "--dial-timeout", "10s",
        .. withCertificate ? ["--cert", CertificateFile, "--key", KeyFile] : Array.Empty<string>(),
    ];
}
