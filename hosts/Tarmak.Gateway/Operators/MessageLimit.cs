using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Tarmak.Gateway.Operators;

/// <summary>Holds requests that came as JSON to the size that gRPC holds its own to.</summary>
/// <param name="bytes">The largest message.</param>
internal sealed class MessageLimit(int bytes) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        request is IMessage message && message.CalculateSize() > bytes
            ? throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The request is larger than {bytes} bytes; split it."))
            : continuation(request, context);
}
