using Tarmak.Grains.Storage;
using Tarmak.Providers;

namespace Tarmak.Engine;

/// <summary>The embedded engine: <c>Tarmak.Engine --home DIR</c>.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int Usage = 2;

    private static async Task<int> Main(string[] args)
    {
        if (args is not (["--home", { Length: > 0 }] or ["--home", { Length: > 0 }, "--plan" or "--recover"]))
        {
            await Console.Error.WriteLineAsync("Usage: Tarmak.Engine --home DIR [--plan | --recover]");
            return Usage;
        }

        var directory = Path.GetFullPath(args[1]);
        void AddAll(IServiceCollection services) => AddProviders(services, directory);
        try
        {
            if (args is [.., "--plan"])
            {
                return await PlanOnce.RunAsync(directory, AddAll, Console.OpenStandardInput(), Console.OpenStandardOutput());
            }

            var home = EngineHome.Open(directory);
            using var held = EngineLock.Take(home);
            if (args is [.., "--recover"])
            {
                await RecoverOnce.RunAsync(home, AddAll, Console.OpenStandardInput(), Console.OpenStandardOutput());
                return 0;
            }

            home.RequireWhole();
            await using var app = EngineApplication.Build(home, AddAll);
            HiddenPlugins.Tell(app.Services);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (Sentence(exception) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return Failed;
        }
    }

    // One line for each provider; what a home has of plugins comes last.
    private static void AddProviders(IServiceCollection services, string home)
    {
        services.AddContainerProvider();
        services.AddRfc2136Provider();
        services.AddS3Provider();
        services.AddSimulatedProvider();
        services.AddPlugins(home);
    }

    /// <summary>What is expected to go wrong at a start is told in one sentence; everything else is a fault and keeps its trace.</summary>
    private static string? Sentence(Exception exception) => exception switch
    {
        StartException or StorageException or ProviderException or InvalidDataException => exception.Message,
        IOException or UnauthorizedAccessException => $"The engine cannot start: {exception.Message}",
        _ => null,
    };
}
