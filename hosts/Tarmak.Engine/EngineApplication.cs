using System.Net;
using Orleans.Configuration;
using Tarmak.Gateway.Agents;
using Tarmak.Gateway.Listeners;
using Tarmak.Grains;
using Tarmak.Grains.Exports;
using Tarmak.Grains.Hosting;
using Tarmak.Grains.Storage;
using GatewayOptions = Tarmak.Gateway.Operators.GatewayOptions;

namespace Tarmak.Engine;

/// <summary>Puts silo, gateway, agents' listener and providers into one process.</summary>
internal static class EngineApplication
{
    // A grain that falls this far behind refuses what comes; callers retry.
    private const int LongestQueue = 5000;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <summary>Builds the engine of a home.</summary>
    /// <param name="home">The home, locked by the caller.</param>
    /// <param name="addProviders">Registers the provider types.</param>
    /// <param name="database">Settings of the database; null: the defaults.</param>
    /// <returns>The application, not started.</returns>
    public static WebApplication Build(EngineHome home, Action<IServiceCollection> addProviders, EngineDatabaseOptions? database = null)
    {
        var installation = home.Installation();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        AddLogging(builder.Logging);
        builder.AddTelemetry(installation);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainLimit);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new InstallationIdentity(installation, home.Directory));
        addProviders(builder.Services);
        builder.Services.AddEngineAuthority();

        // Hosted services start in this order and stop in the other: the silo is there before anything that asks it.
        builder.UseOrleans(silo => AddSilo(silo, home, installation, database));
        builder.Services.AddTarmakGrains();
        builder.Services.AddTarmakWatchers();
        builder.Services.AddSingleton(home.RecoveryKey(installation));
        builder.Services.AddStateExports();
        builder.Services.AddTarmakAgents(new AgentListenerOptions { SocketDirectory = home.AgentsDirectory });
        builder.Services.AddHostedService<EdgeFollower>();
        builder.AddTarmakGateway(new GatewayOptions { Home = home.Directory, Installation = installation });
        builder.Services.AddHealthChecks().AddCheck<SiloHealth>("silo");
        return builder.Build().MapTarmakGateway();
    }

    /// <summary>The silo of a home, alone.</summary>
    public static void AddSilo(ISiloBuilder silo, EngineHome home, string installation, EngineDatabaseOptions? database = null)
    {
        // The ports are part of the silo's name only: it listens on none, so several engines may have the same.
        silo.UseLocalhostClustering(serviceId: "tarmak", clusterId: installation);
        silo.Configure<EndpointOptions>(endpoint => endpoint.AdvertisedIPAddress = IPAddress.Loopback);
        silo.Services.ListenToNoPeers();
        silo.Configure<SiloMessagingOptions>(messaging => messaging.MaxEnqueuedRequestsHardLimit = LongestQueue);
        silo.UseTarmakStorage(home.Directory, database);
        silo.AddActivityPropagation();
    }

    private static void AddLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // It warns of HTTP/2 without TLS at every start; on the Unix socket that is what is wanted.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddFilter("Orleans", LogLevel.Warning);
        logging.AddFilter("Grpc", LogLevel.Warning);
        // Orleans places grains through it; a line for each placement drowns the rest.
        logging.AddFilter("Polly", LogLevel.Warning);
        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.IncludeScopes = false;
        });
    }
}
