using Microsoft.Extensions.DependencyInjection;

namespace Tarmak.Grains.Exports;

/// <summary>Registers exports of environments' state.</summary>
public static class ExportHostingExtensions
{
    /// <summary>
    /// Keeps environments exported. The host registers beside it the <see cref="RecoveryKey"/> and the
    /// <see cref="Identity.EngineSecrets"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddStateExports(this IServiceCollection services)
    {
        services.AddSingleton<ExportStore>();
        services.AddSingleton<ExportServices>();
        services.AddSingleton<ExportInstruments>();
        services.AddHostedService<StateExporter>();
        return services;
    }
}
