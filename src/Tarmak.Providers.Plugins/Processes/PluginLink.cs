using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Tarmak.Providers.Plugins.Processes;

/// <summary>A plugin as it was reached once: one process, or one way to where it runs. It is used until it ends, and never again.</summary>
internal sealed class PluginLink : IAsyncDisposable
{
    private const string TokenHeader = "tarmak-token";

    private readonly GrpcChannel channel;
    private readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PluginLink(GrpcChannel channel, PluginProcess? process)
    {
        this.channel = channel;
        Process = process;
        Invoker = process is null ? channel.CreateCallInvoker() : channel.Intercept(metadata =>
        {
            metadata.Add(TokenHeader, process.Token);
            return metadata;
        });
    }

    /// <summary>Makes calls.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>The process; null where the plugin runs elsewhere.</summary>
    public PluginProcess? Process { get; }

    /// <summary>Ends when the plugin does; gives how, in words that follow its name.</summary>
    public Task<string> Ended => ended.Task;

    /// <summary>Whether it is of no use any more, noted or not.</summary>
    public bool HasEnded => Ended.IsCompleted || Process is { Exited.IsCompleted: true };

    /// <summary>A look at its health that is under way.</summary>
    public Task Examination { get; set; } = Task.CompletedTask;

    /// <summary>Notes that it ended.</summary>
    /// <param name="how">How, in words that follow its name.</param>
    /// <returns>Whether that is new.</returns>
    public bool End(string how) => ended.TrySetResult(how);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End("is let go of");
        if (Process is not null)
        {
            await Process.DisposeAsync().ConfigureAwait(false);
        }

        channel.Dispose();
    }
}
