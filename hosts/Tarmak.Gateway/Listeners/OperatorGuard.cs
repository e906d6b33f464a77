using System.Net;
using Tarmak.Gateway.Operators;

namespace Tarmak.Gateway.Listeners;

/// <summary>
/// Keeps operators' and others' endpoints apart, and lets on the loopback listener only who shows the token and is no
/// web page: a browser names its page in Origin, and a page that bound its own name to this address names that in Host.
/// </summary>
internal sealed class OperatorGuard(RequestDelegate next, BearerToken token)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var channel = context.Features.Get<OperatorChannel>();
        var isForOperators = context.GetEndpoint()?.Metadata.GetMetadata<OperatorEndpoint>() is not null;
        if (isForOperators != channel is not null)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");
            return;
        }

        if (channel is { Kind: OperatorChannelKind.Loopback })
        {
            if (!IsLoopback(context.Request.Host.Host))
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, "The Host header names no loopback address; use localhost, 127.0.0.1 or [::1].");
                return;
            }

            if (context.Request.Headers.Origin is { Count: > 0 } origins && !origins.All(o => IsOwnOrigin(o, context.Request.Host)))
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, "Web pages of other origins are not answered.");
                return;
            }

            if (!token.IsShownBy(context.Request.Headers.Authorization))
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Send the token of the engine's home: Authorization: Bearer TOKEN.");
                return;
            }
        }

        await next(context);
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwnOrigin(string? origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme == Uri.UriSchemeHttps
        && string.Equals(uri.Authority, host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Programs that speak gRPC get the refusal in its own form, others as a status and a sentence.</summary>
    private static async Task RefuseAsync(HttpContext context, int statusCode, string sentence)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = statusCode switch
            {
                StatusCodes.Status401Unauthorized => "16",
                StatusCodes.Status403Forbidden => "7",
                _ => "12",
            };
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(sentence);
            return;
        }

        context.Response.StatusCode = statusCode;
        await context.Response.WriteAsJsonAsync(new { message = sentence });
    }
}
