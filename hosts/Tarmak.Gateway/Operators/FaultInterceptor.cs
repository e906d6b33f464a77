using Grpc.Core;
using Grpc.Core.Interceptors;
using Tarmak.Grains.Storage;
using Tarmak.Providers;

namespace Tarmak.Gateway.Operators;

/// <summary>The edge of the contract: what nobody expected becomes a logged fault and an answer that leaks nothing.</summary>
internal sealed partial class FaultInterceptor(ILogger<FaultInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The caller has gone."));
        }

        switch (exception)
        {
            case UnfinishedException unfinished:
                return Refusal.With(Translate(unfinished.InnerException!, context), unfinished.Documents);
            case Exception when StorageException.Behind(exception) is { } storage:
                // The store has logged it, or the engine is stopping.
                return Refusal.Storage(storage);
            case ProviderException provider:
                return Refusal.Unavailable(provider.Message);
            case OperationCanceledException or Orleans.Runtime.SiloUnavailableException or Orleans.Runtime.OrleansMessageRejectionException:
                LogUnavailable(logger, context.Method, exception);
                return Refusal.Unavailable("The engine is starting or stopping; try again in a moment.");
            case TimeoutException:
                LogUnavailable(logger, context.Method, exception);
                return Refusal.Unavailable("The engine did not answer in time; the request may have been accepted. Repeat it with the same request id.");
            default:
                LogFault(logger, context.Method, exception);
                return new RpcException(new Status(StatusCode.Internal, "The engine met a fault; its log says more."));
        }
    }

    [LoggerMessage(2021, LogLevel.Error, "{Method} failed.")]
    private static partial void LogFault(ILogger logger, string method, Exception exception);

    [LoggerMessage(2022, LogLevel.Warning, "{Method} could not be answered.")]
    private static partial void LogUnavailable(ILogger logger, string method, Exception exception);
}
