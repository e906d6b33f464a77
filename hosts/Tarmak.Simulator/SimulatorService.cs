using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Tarmak.Providers.Simulated.Calls;
using V1 = Tarmak.Providers.Simulated.V1;

namespace Tarmak.Simulator;

/// <summary>The cloud's interface, for other processes.</summary>
/// <param name="accounts">The accounts.</param>
internal sealed class SimulatorService(SimulatorAccounts accounts) : V1.Simulator.SimulatorBase
{
    public override Task<V1.DescribeResponse> Describe(V1.DescribeRequest request, ServerCallContext context)
    {
        var profile = accounts.Scenario.Profile;
        return Task.FromResult(new V1.DescribeResponse
        {
            Profile = profile.Name,
            VisibilityBoundTicks = profile.VisibilityBound.Ticks,
            CallDeadlineTicks = profile.CallDeadline.Ticks,
        });
    }

    public override async Task<V1.CallResponse> Call(V1.CallRequest request, ServerCallContext context)
    {
        try
        {
            var reply = await accounts.Of(Named(request.Account)).SendAsync(Read(request), context.CancellationToken);
            return new V1.CallResponse { Reply = Wrap(JsonSerializer.SerializeToUtf8Bytes(reply, CloudJson.Default.CloudReply)) };
        }
        catch (NoAnswerException lost)
        {
            return new V1.CallResponse { Lost = lost.Message };
        }
    }

    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.WatchResponse> responseStream, ServerCallContext context)
    {
        await foreach (var marks in accounts.Of(Named(request.Account)).WatchAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(new V1.WatchResponse { Marks = Wrap(JsonSerializer.SerializeToUtf8Bytes(marks, CloudJson.Default.OwnerMarks)) }, context.CancellationToken);
        }
    }

    private static ByteString Wrap(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);

    private static string Named(string account) => account.Length > 0 ? account : throw new RpcException(new Status(StatusCode.InvalidArgument, "A call names its account."));

    private static CloudRequest Read(V1.CallRequest request)
    {
        try
        {
            return JsonSerializer.Deserialize(request.Request.Span, CloudJson.Default.CloudRequest)!;
        }
        catch (JsonException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "What was asked is no call of this cloud."));
        }
    }
}
