using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Container.Engine;

/// <summary>Finds the container engine's address.</summary>
internal static class EngineEndpoint
{
    private static readonly string[] Schemes = ["unix", "tcp", "http", "https", "npipe"];
    private static readonly string[] KnownSockets = ["/run/podman/podman.sock", "/var/run/docker.sock"];

    /// <summary>The option, else <c>DOCKER_HOST</c>, else the first known socket that is there.</summary>
    /// <param name="option">The manifest's option <c>host</c>.</param>
    /// <returns>The address; where nothing was found, that of Docker's socket, so that the check names it.</returns>
    /// <exception cref="ProviderException">What is set is no address.</exception>
    public static Uri Find(string? option) => Find(option, Environment.GetEnvironmentVariable("DOCKER_HOST"), File.Exists);

    internal static Uri Find(string? option, string? dockerHost, Func<string, bool> exists)
    {
        var host = !string.IsNullOrWhiteSpace(option) ? option : !string.IsNullOrWhiteSpace(dockerHost) ? dockerHost : null;
        host ??= "unix://" + (KnownSockets.FirstOrDefault(exists) ?? KnownSockets[^1]);
        return Uri.TryCreate(host.StartsWith('/') ? "unix://" + host : host, UriKind.Absolute, out var address) && Schemes.Contains(address.Scheme)
            ? address
            : throw new ProviderException(
                ErrorClass.InvalidSpec,
                $"{host} is no address of a container engine; set spec.host of the provider, or DOCKER_HOST, to one such as unix:///run/podman/podman.sock or tcp://127.0.0.1:2375.");
    }
}
