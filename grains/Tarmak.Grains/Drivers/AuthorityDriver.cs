using Tarmak.Configuration.Certificates;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Identity;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>
/// Certificate authorities of clusters. The key is created in the environment's secret store unless one is there,
/// and read back: a crash never makes two.
/// </summary>
/// <param name="stores">The stores an environment's bindings lead to.</param>
/// <param name="time">The clock.</param>
public sealed class AuthorityDriver(IEnvironmentStores stores, TimeProvider time) : IResourceDriver<AuthoritySpec>
{
    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Authority,
        EnsureResolution = UnknownResolution.UniqueName,
        CallDeadline = EngineDrivers.CallDeadline,

        // All of the specification is in the object's name. Another text is another way to write the same, and no reason
        // to lose a key.
        Compare = static (_, _) => ChangeEffect.None,
    };

    /// <inheritdoc/>
    public async Task<StepOutcome> ObserveAsync(ResourceCall call, AuthoritySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var store = await stores.SecretsAsync(call.Marks.Environment, cancellationToken).ConfigureAwait(false);
        using var stored = await StoredAuthority.FindAsync(store, Path(spec), time, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(stored is null ? Observation.Absent : Seen(spec, stored));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, AuthoritySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var store = await stores.SecretsAsync(call.Marks.Environment, cancellationToken).ConfigureAwait(false);
        using var stored = await StoredAuthority.FindOrCreateAsync(store, Path(spec), $"{spec.Cluster} {spec.Name}", time, cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(Seen(spec, stored));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, AuthoritySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var store = await stores.SecretsAsync(call.Marks.Environment, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(Path(spec), cancellationToken).ConfigureAwait(false);
        return new StepOutcome.Succeeded(Observation.Absent);
    }

    private static string Path(AuthoritySpec spec) =>
        spec.Cluster.Split('/') is [var environment, var cluster]
            ? AgentPlaces.Authority(environment, cluster, spec.Name)
            : throw new ArgumentException($"{spec.Cluster} is not environment/cluster.", nameof(spec));

    private static Observation Seen(AuthoritySpec spec, CertificateAuthority authority) =>
        Observation.Present(Path(spec), ResourceJson.Write(new AuthorityOutputs(authority.CertificatePem)));
}
