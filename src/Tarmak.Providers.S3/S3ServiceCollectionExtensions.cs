using Microsoft.Extensions.DependencyInjection;
using Tarmak.Providers.S3;

namespace Tarmak.Providers;

/// <summary>Registration of the S3 provider.</summary>
public static class S3ServiceCollectionExtensions
{
    /// <summary>Offers provider type <c>s3</c>.</summary>
    /// <param name="services">The services; a <see cref="TimeProvider"/> is among them.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddS3Provider(this IServiceCollection services) =>
        services.AddSingleton<IProviderFactory, S3ProviderFactory>();
}
