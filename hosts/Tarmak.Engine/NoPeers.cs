using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Tarmak.Engine;

/// <summary>
/// Takes a silo off the network. Orleans asks nobody who connects to a silo's ports for more than a cluster's name,
/// and tells it beforehand; an engine that is a cluster of one needs neither port, and other users of the machine must
/// not find one.
/// </summary>
internal static class NoPeers
{
    /// <summary>Replaces every transport that Orleans listens by. Call it after Orleans was added.</summary>
    public static IServiceCollection ListenToNoPeers(this IServiceCollection services)
    {
        // Kestrel's own factory has no key.
        foreach (var transport in services.Where(s => s.IsKeyedService && s.ServiceType == typeof(IConnectionListenerFactory)).ToList())
        {
            services.Replace(ServiceDescriptor.KeyedSingleton<IConnectionListenerFactory>(transport.ServiceKey, (_, _) => new Deaf()));
        }

        return services;
    }

    private sealed class Deaf : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new Silence(endpoint));
    }

    private sealed class Silence(EndPoint endpoint) : IConnectionListener
    {
        private readonly TaskCompletionSource<ConnectionContext?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndPoint EndPoint => endpoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new(ended.Task.WaitAsync(cancellationToken));

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            ended.TrySetResult(null);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => UnbindAsync();
    }
}
