using Google.Protobuf;
using Grpc.Core;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Plugins.Processes;
using Tarmak.Providers.Telemetry;

namespace Tarmak.Providers.Plugins.Calls;

/// <summary>
/// Calls a plugin, each within a deadline, and says of each that failed whether it may have taken effect. What a plugin puts
/// into a status is never shown: it may hold the secret the call was about.
/// </summary>
internal sealed class PluginCalls(PluginHost host, PluginLimits limits, TimeProvider time)
{
    /// <summary>A broken connection is noticed before the end of the process that broke it; this long its end is waited for.</summary>
    public static readonly TimeSpan EndNotice = TimeSpan.FromSeconds(1);

    private const string TooLarge = "Received message exceeds the maximum configured message size.";

    /// <summary>The plugin's type.</summary>
    public string Type => host.Plugin.Type;

    /// <summary>The limits.</summary>
    public PluginLimits Limits => limits;

    /// <summary>Calls.</summary>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="method">The method's name, as <c>SecretStore.Get</c>.</param>
    /// <param name="subject">What it is about, for people.</param>
    /// <param name="deadline">Its deadline.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="ProviderException">It was not sent, or trying again cannot help.</exception>
    /// <exception cref="LostCallException">It was sent, and nobody knows what became of it.</exception>
    public async Task<TResponse> SendAsync<TResponse>(
        string method, string subject, TimeSpan deadline, Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken)
        where TResponse : class, IMessage
    {
        using var span = ProviderCalls.Start($"{method} of {subject} by plugin {Type}");
        try
        {
            return await SendOnceAsync(method, subject, deadline, send, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException refused)
        {
            ProviderCalls.Fail(span, refused.Error.ToString(), refused.Message);
            throw;
        }
        catch (LostCallException lost)
        {
            ProviderCalls.Fail(span, "Unknown", lost.Message);
            throw;
        }
    }

    /// <summary>As <see cref="SendAsync"/>, of a call that may be made again at any time.</summary>
    /// <exception cref="ProviderException">It was not sent, was not answered, or trying again cannot help.</exception>
    public async Task<TResponse> SendAgainableAsync<TResponse>(
        string method, string subject, Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken)
        where TResponse : class, IMessage
    {
        try
        {
            return await SendAsync(method, subject, limits.Call, send, cancellationToken).ConfigureAwait(false);
        }
        catch (LostCallException lost)
        {
            throw new ProviderException(ErrorClass.Transient, lost.Message);
        }
    }

    /// <summary>The exception for an answer that makes no sense.</summary>
    public ProviderException Garbage(string method, string subject, string what) => new(
        ErrorClass.Terminal, $"Plugin {Type} answers {method} of {subject} with {what}; it breaks its contract, so have it mended.");

    private async Task<TResponse> SendOnceAsync<TResponse>(
        string method, string subject, TimeSpan deadline, Func<CallInvoker, CallOptions, AsyncUnaryCall<TResponse>> send, CancellationToken cancellationToken)
        where TResponse : class, IMessage
    {
        var link = await host.LinkAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var call = send(link.Invoker, new CallOptions(deadline: (time.GetUtcNow() + deadline).UtcDateTime, cancellationToken: cancellationToken));
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException fault)
        {
            if (fault.StatusCode is StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
            {
                host.Examine(link);
                throw new OperationCanceledException($"{method} of {subject} by plugin {Type} was cut off.", null, cancellationToken);
            }

            throw await TranslateAsync(fault, link, method, subject, deadline).ConfigureAwait(false);
        }
    }

    private async Task<Exception> TranslateAsync(RpcException fault, PluginLink link, string method, string subject, TimeSpan deadline)
    {
        if (fault.Status.DebugException is InvalidProtocolBufferException)
        {
            return Garbage(method, subject, "what is no message of the protocol");
        }

        switch (fault.StatusCode)
        {
            case StatusCode.Unimplemented:
                return new ProviderException(
                    ErrorClass.Terminal, $"Plugin {Type} offers by its sheet what needs {method}, and does not implement it; install a version of it that does what its sheet says.");
            case StatusCode.Unauthenticated or StatusCode.PermissionDenied:
                return new ProviderException(ErrorClass.Terminal, $"Plugin {Type} does not let the engine call {method}; it must take the token that its standard input gave it.");
            case StatusCode.ResourceExhausted when fault.Status.Detail == TooLarge:
                return Garbage(method, subject, $"more than {limits.MessageBytes >> 20} MiB");
            case StatusCode.ResourceExhausted when fault.Status.Detail.StartsWith("Sending message exceeds", StringComparison.Ordinal):
                return new ProviderException(ErrorClass.InvalidSpec, $"{method} of {subject} is more than a plugin takes, {limits.MessageBytes >> 20} MiB.");
            case StatusCode.DeadlineExceeded:
                host.Examine(link);
                return new LostCallException($"Plugin {Type} had no answer to {method} of {subject} within {deadline.TotalSeconds:0.#} s.");
            case StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled:
                await Task.WhenAny(link.Ended, Task.Delay(EndNotice, time)).ConfigureAwait(false);
                if (link.Ended.IsCompleted)
                {
                    return new LostCallException($"Plugin {Type} {await link.Ended.ConfigureAwait(false)} in the middle of {method} of {subject}.");
                }

                host.Examine(link);
                break;
        }

        return new LostCallException($"Plugin {Type} broke off {method} of {subject} with {fault.StatusCode}.");
    }
}
