using System.Net;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Tarmak.Gateway.Operators;
using Tarmak.Providers.Requirements;

namespace Tarmak.Gateway.Listeners;

/// <summary>Puts the operators' gateway into a host.</summary>
public static class GatewayHosting
{
    // Four megabytes of manifests and what surrounds them.
    private const int LargestMessage = 4_718_592;

    /// <summary>Adds the operators' contract and its two listeners: the Unix socket, and loopback TLS with a bearer token.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="options">What the gateway has to know.</param>
    /// <returns>The host.</returns>
    /// <exception cref="IOException">Another engine answers on the socket.</exception>
    public static WebApplicationBuilder AddTarmakGateway(this WebApplicationBuilder builder, GatewayOptions options)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(BearerToken.Open(options.TokenPath));
        var certificate = LoopbackCertificate.Make(TimeProvider.System);
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<ListenerFiles>(services, certificate));
        AddOperators(builder.Services);
        AddListeners(builder.WebHost, options, certificate);
        return builder;
    }

    /// <summary>Maps the operators' endpoints.</summary>
    /// <param name="app">The application.</param>
    /// <returns>The application.</returns>
    public static WebApplication MapTarmakGateway(this WebApplication app)
    {
        app.UseRouting();
        app.UseMiddleware<OperatorGuard>();
        app.MapGrpcService<TarmakService>().WithMetadata(new OperatorEndpoint());
        app.MapGrpcHealthChecksService().WithMetadata(new OperatorEndpoint());
        app.MapHealthChecks("/healthz").WithMetadata(new OperatorEndpoint());
        return app;
    }

    private static void AddOperators(IServiceCollection services)
    {
        services.AddSingleton<ProviderSheets>();
        services.AddSingleton<DeclarationReader>();
        services.AddSingleton<ManifestIntake>();
        services.AddSingleton<Preflight>();
        services.AddSingleton<OperatorKeys>();
        services.AddSingleton<GatewayInstruments>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<DriftNotice>();
        services.AddSingleton<Answers>();
        services.AddSingleton<DocumentRun>();
        services.AddSingleton<Applying>();
        services.AddSingleton<Operators.Planning>();
        services.AddHostedService<DepartingProviders>();
        services.AddSingleton<BackupsConsent>();
        services.AddSingleton<Deleting>();
        services.AddSingleton<Listing>();
        services.AddSingleton<Watching>();
        services.AddSingleton<History>();
        services.AddSingleton<Explaining>();
        services.AddSingleton<BindingMoves>();
        services.AddSingleton<ProviderInquiry>();
        services.AddSingleton<ConformanceRun>();
        services.AddSingleton<ClusterLookup>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<Logs>();
        services.AddSingleton<SshAccess>();
        services.AddSingleton<TarmakService>();
        services.AddGrpc().AddServiceOptions<TarmakService>(Configure).AddJsonTranscoding(
            json => json.TypeRegistry = TypeRegistry.FromMessages(
                BadRequest.Descriptor, PreconditionFailure.Descriptor, Api.V1.DocumentOutcomes.Descriptor));
        services.AddGrpcHealthChecks();
    }

    private static void Configure(GrpcServiceOptions<TarmakService> service)
    {
        service.MaxReceiveMessageSize = LargestMessage;
        service.Interceptors.Add<FaultInterceptor>();
        service.Interceptors.Add<MessageLimit>(LargestMessage);
    }

    private static void AddListeners(ConfigureWebHostBuilder host, GatewayOptions options, X509Certificate2 certificate)
    {
        StaleSocket.Remove(options.SocketPath);
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * LargestMessage;
            // Streams that are silent must not be taken for dead: clients ping.
            kestrel.Limits.MinResponseDataRate = null;
            // Clients of the socket say http, and the connection is marked by what stands for TLS negotiation.
            kestrel.AllowAlternateSchemes = true;
            kestrel.ListenUnixSocket(options.SocketPath, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new OperatorChannel(OperatorChannelKind.Socket));
                    return next(connection);
                });
                listen.Use(SocketProtocols.Use);
            });
            kestrel.Listen(IPAddress.Loopback, options.LoopbackPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new OperatorChannel(OperatorChannelKind.Loopback));
                    return next(connection);
                });
                listen.UseHttps(certificate);
            });
        });
    }
}
