using System.Net;
using System.Net.Sockets;
using System.Text;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Container.Engine;

/// <summary>Finds the container engine's address.</summary>
internal static class EngineEndpoint
{
    /// <summary>Where an engine that runs as root may answer, likeliest first; <c>eng/common.sh</c> has the same list.</summary>
    private static readonly string[] KnownSockets = ["/run/podman/podman.sock", "/var/run/docker.sock"];

    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(5);

    /// <summary>The option, else <c>DOCKER_HOST</c>, else the first known socket on which an engine answers.</summary>
    /// <param name="option">The manifest's option <c>host</c>.</param>
    /// <returns>The address; where nothing answers, that of a socket that is there, else Docker's, so that the check names it.</returns>
    /// <exception cref="ProviderException">The address is none of this machine's.</exception>
    public static Uri Find(string? option) => Find(option, Environment.GetEnvironmentVariable("DOCKER_HOST"), Answers, File.Exists);

    internal static Uri Find(string? option, string? dockerHost, Func<string, bool> answers, Func<string, bool> exists)
    {
        var host = !string.IsNullOrWhiteSpace(option) ? option.Trim() : !string.IsNullOrWhiteSpace(dockerHost) ? dockerHost.Trim() : null;
        host ??= KnownSockets.FirstOrDefault(answers) ?? KnownSockets.FirstOrDefault(exists) ?? KnownSockets[^1];
        return IsLocal(host.StartsWith('/') ? "unix://" + host : host, out var endpoint)
            ? endpoint
            : throw new ProviderException(
                ErrorClass.InvalidSpec,
                $"\"{host}\" is no address of a container engine on this machine, whose ports, networks and disk are needed; "
                + "name a socket (unix:///run/podman/podman.sock) or a loopback address (tcp://127.0.0.1:2375).");
    }

    private static bool IsLocal(string host, out Uri endpoint) =>
        Uri.TryCreate(host, UriKind.Absolute, out endpoint!)
        && ((endpoint.Scheme == "unix" && endpoint.Host.Length == 0 && endpoint.AbsolutePath.Length > 1)
            || (endpoint.Scheme is "tcp" or "http"
                && (endpoint.IdnHost == "localhost" || (IPAddress.TryParse(endpoint.IdnHost, out var address) && IPAddress.IsLoopback(address)))));

    private static bool Answers(string socket)
    {
        if (!File.Exists(socket))
        {
            return false;
        }

        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            {
                SendTimeout = (int)AnswerDeadline.TotalMilliseconds,
                ReceiveTimeout = (int)AnswerDeadline.TotalMilliseconds,
            };
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            connection.Send("GET /_ping HTTP/1.0\r\nHost: d\r\n\r\n"u8);
            var answer = new byte[64];
            return Encoding.ASCII.GetString(answer, 0, connection.Receive(answer)).Split(' ') is [_, "200", ..];
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
