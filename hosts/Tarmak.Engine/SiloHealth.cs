using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orleans.Runtime;

namespace Tarmak.Engine;

/// <summary>The engine is ready when its silo is active.</summary>
internal sealed class SiloHealth(ISiloStatusOracle silo) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(silo.CurrentStatus == SiloStatus.Active
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"The silo is {silo.CurrentStatus}."));
}
