using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Container.Engine;

/// <summary>The one place where the engine's answers and failures become outcomes.</summary>
internal static class EngineErrors
{
    /// <summary>Translates a failed call.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="what">What was tried on what, to be followed by a colon.</param>
    /// <param name="changes">Whether the call could have changed anything.</param>
    /// <param name="endpoint">The engine's address.</param>
    /// <returns>The outcome; null where the exception is a bug and must go on.</returns>
    public static StepOutcome? Translate(Exception error, string what, bool changes, Uri endpoint)
    {
        if (error is DockerApiException api)
        {
            var said = Said(api);
            return new StepOutcome.Failed(Classify(api.StatusCode, said), $"{what}: the container engine says \"{said}\".");
        }

        if (Find<SocketException>(error) is { } socket)
        {
            switch (socket.SocketErrorCode)
            {
                case SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.HostNotFound:
                    return new StepOutcome.Failed(ErrorClass.Transient, $"{what}: no container engine answers at {endpoint}; start it.");
                case SocketError.AccessDenied:
                    return new StepOutcome.Failed(
                        ErrorClass.Unauthorized, $"{what}: you have no rights to {endpoint}; run as root or join the engine's group.");
            }

            // ENOENT of a socket's path has no portable code.
            if (socket.NativeErrorCode == 2)
            {
                return new StepOutcome.Failed(ErrorClass.Transient, $"{what}: there is no container engine at {endpoint}; start it.");
            }
        }

        // What cannot be read says no more than what did not come; the client reads with another library than this program.
        return error is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException or ObjectDisposedException or JsonException
            or Newtonsoft.Json.JsonException
            ? changes
                ? new StepOutcome.Unknown($"{what}: the container engine's answer was lost.")
                : new StepOutcome.Failed(ErrorClass.Transient, $"{what}: the container engine did not answer.")
            : null;
    }

    /// <summary>The class of an answer.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="said">The engine's message.</param>
    /// <returns>The class.</returns>
    public static ErrorClass Classify(HttpStatusCode status, string said) => status switch
    {
        HttpStatusCode.Unauthorized => ErrorClass.Unauthenticated,
        HttpStatusCode.Forbidden when Mentions(said, "subnet", "already", "overlaps") => ErrorClass.Conflict,
        HttpStatusCode.Forbidden => ErrorClass.Unauthorized,
        HttpStatusCode.NotFound => ErrorClass.NotFound,
        HttpStatusCode.Conflict => ErrorClass.Conflict,
        HttpStatusCode.BadRequest => ErrorClass.InvalidSpec,
        HttpStatusCode.TooManyRequests => ErrorClass.RateLimited,
        _ when Mentions(said, "no space left", "disk quota") => ErrorClass.ResourcesDepleted,
        // Podman answers 500 to most things, names in use among them.
        _ when Mentions(said, "already used", "already in use", "already exists", "is being used", "overlaps") => ErrorClass.Conflict,
        // Of what the call is about, that is: a file or a program that is missing says nothing of the object.
        _ when Mentions(
            said, "no such container", "no such network", "no such volume", "no such image", "no such object", "no such exec",
            "container not found", "network not found", "volume not found", "image not known") => ErrorClass.NotFound,
        _ => ErrorClass.Transient,
    };

    /// <summary>Whether a new network was refused because another has addresses of its range.</summary>
    /// <param name="said">The engine's message, as it is or in a sentence.</param>
    /// <returns>Whether it was.</returns>
    public static bool IsRangeTaken(string said) =>
        Mentions(said, "subnet", "address space", "pool") && Mentions(said, "already used", "already being used", "overlaps");

    private static bool Mentions(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static string Said(DockerApiException error)
    {
        var body = error.ResponseBody ?? string.Empty;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message))
            {
                body = message.GetString() ?? body;
            }
        }
        catch (JsonException)
        {
            // Not every proxy answers in JSON; its text is as good.
        }

        return body.ReplaceLineEndings(" ").Trim() is { Length: > 0 } text ? text : $"HTTP {(int)error.StatusCode}";
    }

    private static T? Find<T>(Exception? error)
        where T : Exception
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is T found)
            {
                return found;
            }
        }

        return null;
    }
}
