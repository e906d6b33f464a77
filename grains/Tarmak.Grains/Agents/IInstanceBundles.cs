using System.Collections.Immutable;
using Tarmak.Model.Resources;

namespace Tarmak.Grains.Agents;

/// <summary>The bundles in force, as the inventory has them.</summary>
public interface IInstanceBundles
{
    /// <summary>The bundle an instance is to apply.</summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The bundle, or why there is none.</returns>
    Task<BundleStanding> CurrentAsync(string instanceUid, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the bundle in force may be another one than <paramref name="heldHash"/>. It may return too early, never
    /// too late: the caller asks again and again.
    /// </summary>
    /// <param name="instanceUid">Identity of the instance.</param>
    /// <param name="heldHash">Hash of the bundle that was in force; null: none was.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task.</returns>
    Task WaitForChangeAsync(string instanceUid, string? heldHash, CancellationToken cancellationToken);
}

/// <summary>What one instance's agent is entitled to.</summary>
public sealed record InstanceBundle
{
    /// <summary>SHA-256 (hex) of the bundle's content.</summary>
    public required string Hash { get; init; }

    /// <summary>What the bundle was made from; certificates are signed by its entitlements and nothing else.</summary>
    public required BundleSpec Spec { get; init; }

    /// <summary>The secrets the bundle names: name without <c>secret://</c>, and path in the environment's secret store.</summary>
    public ImmutableDictionary<string, string> Secrets { get; init; } = ImmutableDictionary<string, string>.Empty;
}
