using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tarmak.Providers;
using Tarmak.Providers.Simulated.Scenarios;

namespace Tarmak.Simulator;

/// <summary>The simulated cloud as a process of its own: it outlives every engine and is shared by all.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int LargestMessage = 64 * 1024 * 1024;

    private static async Task<int> Main(string[] arguments)
    {
        if (SimulatorOptions.Read(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(SimulatorOptions.Usage);
            return WrongUsage;
        }

        try
        {
            var scenario = options.Scenario is { } file ? ScenarioReader.ReadFile(file) : Scenario.Default;
            await using var accounts = new SimulatorAccounts(scenario, options.Data, TimeProvider.System);
            FreeSocket(options.Socket);
            await using var app = Build(options, accounts);
            await app.StartAsync();
            File.SetUnixFileMode(options.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var ended = app.WaitForShutdownAsync();
            if (await Task.WhenAny(ended, accounts.Broken) == accounts.Broken)
            {
                await Console.Error.WriteLineAsync($"The log in {options.Data} cannot be written, so that nothing can be kept: {(await accounts.Broken).Message}");
                return Failed;
            }

            await ended;
            return 0;
        }
        catch (Exception expected) when (expected is ProviderException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The simulator cannot start: {expected.Message}");
            return Failed;
        }
    }

    private static WebApplication Build(SimulatorOptions options, SimulatorAccounts accounts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(accounts);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestMessage;
            grpc.MaxSendMessageSize = LargestMessage;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestMessage;
            kestrel.ListenUnixSocket(options.Socket, listen => listen.Protocols = HttpProtocols.Http2);
        });
        var app = builder.Build();
        app.MapGrpcService<SimulatorService>();
        return app;
    }

    /// <summary>Removes what a process left that was ended; not what another answers at.</summary>
    private static void FreeSocket(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Another process answers at {path}; name another socket, or end it.");
    }
}
