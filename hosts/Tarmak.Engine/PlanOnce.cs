using Google.Protobuf;
using Grpc.Core;
using Tarmak.Api.V1;
using Tarmak.Gateway.Operators;
using Tarmak.Providers;
using Tarmak.Providers.Requirements;

namespace Tarmak.Engine;

/// <summary>
/// <c>Tarmak.Engine --home DIR --plan</c>: reads one PlanRequest and writes the PlanResponse, or the refusal as a
/// google.rpc.Status and exit code 2. It listens nowhere, wakes nothing and leaves the home as it was.
/// </summary>
internal static class PlanOnce
{
    private const int Refused = 2;

    public static async Task<int> RunAsync(string home, Action<IServiceCollection> addProviders, Stream input, Stream output)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        addProviders(services);
        await using var built = services.BuildServiceProvider();
        var sheets = new ProviderSheets(built.GetServices<IProviderFactory>());
        try
        {
            var plan = await OfflinePlanning.PlanAsync(home, sheets, PlanRequest.Parser.ParseFrom(input), CancellationToken.None);
            plan.WriteTo(output);
            return 0;
        }
        catch (RpcException refusal) when (OfflinePlanning.StatusOf(refusal) is { Length: > 0 } status)
        {
            await output.WriteAsync(status);
            return Refused;
        }
    }
}
