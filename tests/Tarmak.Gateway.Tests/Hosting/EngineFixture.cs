using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tarmak.Engine;
using Tarmak.Gateway.Tests.Hosting;
using Tarmak.Grains.Storage;
using Tarmak.Providers;
using TarmakClient = Tarmak.Api.V1.Tarmak.TarmakClient;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace Tarmak.Gateway.Tests.Hosting;

/// <summary>The real engine in this process, on a home of its own and a provider that makes nothing. Tests share it and use environments of their own.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("tarmak-gw");
    private WebApplication? app;
    private GrpcChannel? channel;

    public string Home => home.FullName;

    public TarmakClient Client { get; private set; } = null!;

    public IServiceProvider Services => app!.Services;

    internal PaperProviderFactory Paper { get; } = new();

    /// <summary>Settings of the database, for tests that have an engine of their own.</summary>
    internal EngineDatabaseOptions? Database { get; init; }

    /// <summary>An engine for one test alone, running.</summary>
    internal static async Task<EngineFixture> StartAsync(EngineDatabaseOptions? database = null)
    {
        var engine = new EngineFixture { Database = database };
        await engine.InitializeAsync();
        return engine;
    }

    public async ValueTask InitializeAsync()
    {
        app = EngineApplication.Build(EngineHome.Open(Home), services => services.AddSingleton<IProviderFactory>(Paper), Database);
        await app.StartAsync(TestContext.Current.CancellationToken);
        channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = SocketHandler(), DisposeHttpClient = true, MaxSendMessageSize = null });
        Client = new TarmakClient(channel);
    }

    /// <summary>A handler whose connections all go to the engine's socket.</summary>
    public SocketsHttpHandler SocketHandler() => new()
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(Home, "engine.sock")), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        home.Delete(recursive: true);
    }
}
