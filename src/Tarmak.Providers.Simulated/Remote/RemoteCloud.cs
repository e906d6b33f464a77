using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Tarmak.Machines.Steps;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Profiles;

namespace Tarmak.Providers.Simulated.Remote;

/// <summary>An account of a cloud that is a process of its own. Nothing is opened before the first call.</summary>
internal sealed class RemoteCloud : ICloud, IDisposable
{
    private const int LargestMessage = 64 * 1024 * 1024;

    private readonly string socket;
    private readonly string account;
    private readonly CloudProfile profile;
    private readonly GrpcChannel channel;
    private readonly V1.Simulator.SimulatorClient client;
    private volatile bool isKnown;

    /// <param name="socket">Path of its socket.</param>
    /// <param name="account">Name of the account.</param>
    /// <param name="profile">What sort of cloud it must be.</param>
    public RemoteCloud(string socket, string account, CloudProfile profile)
    {
        this.socket = socket;
        this.account = account;
        this.profile = profile;
        channel = GrpcChannel.ForAddress("http://simulator", new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
            MaxSendMessageSize = LargestMessage,
            HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true, ConnectCallback = (_, token) => ConnectAsync(token) },
        });
        client = new V1.Simulator.SimulatorClient(channel);
    }

    /// <inheritdoc/>
    public async Task<CloudReply> SendAsync(CloudRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (!isKnown)
            {
                if (await DifferenceAsync(cancellationToken).ConfigureAwait(false) is { } difference)
                {
                    return CloudReply.Refused(ErrorClass.InvalidSpec, difference);
                }

                isKnown = true;
            }

            var answer = await client.CallAsync(
                new V1.CallRequest { Account = account, Request = UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(request, CloudJson.Default.CloudRequest)) },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return answer.Lost.Length > 0 ? throw new NoAnswerException(answer.Lost) : JsonSerializer.Deserialize(answer.Reply.Span, CloudJson.Default.CloudReply)!;
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException unreachable) when (unreachable.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } or SocketException)
        {
            return CloudReply.Refused(ErrorClass.Transient, $"{request.Shown}: no simulator answers at {socket}, and nothing was done; start it with tarmak-simulator.");
        }
        catch (RpcException lost)
        {
            throw new NoAnswerException($"{request.Shown}: the simulator at {socket} gave no answer ({lost.StatusCode}).");
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<OwnerMarks> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stream = client.Watch(new V1.WatchRequest { Account = account }, cancellationToken: cancellationToken);
        while (await NextAsync(stream.ResponseStream, cancellationToken).ConfigureAwait(false))
        {
            yield return JsonSerializer.Deserialize(stream.ResponseStream.Current.Marks.Span, CloudJson.Default.OwnerMarks)!;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<bool> NextAsync(IAsyncStreamReader<V1.WatchResponse> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException ended)
        {
            throw new ProviderException(ErrorClass.Transient, $"The simulator at {socket} tells no more changes ({ended.StatusCode}).", ended);
        }
    }

    /// <summary>Drivers decide by bounds and marks of one sort of cloud: another would be misunderstood.</summary>
    private async Task<string?> DifferenceAsync(CancellationToken cancellationToken)
    {
        var told = await client.DescribeAsync(new V1.DescribeRequest(), cancellationToken: cancellationToken).ConfigureAwait(false);
        return told.Profile == profile.Name && told.VisibilityBoundTicks == profile.VisibilityBound.Ticks && told.CallDeadlineTicks == profile.CallDeadline.Ticks
            ? null
            : $"The simulator at {socket} is a cloud of profile {told.Profile}, with bounds of {TimeSpan.FromTicks(told.VisibilityBoundTicks).TotalSeconds:0.###} s and {TimeSpan.FromTicks(told.CallDeadlineTicks).TotalSeconds:0.###} s, and the provider's is {profile.Name}, with {profile.VisibilityBound.TotalSeconds:0.###} s and {profile.CallDeadline.TotalSeconds:0.###} s; give the provider the simulator's scenario.";
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
