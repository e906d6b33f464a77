using Tarmak.Grains.Moves;
using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;

namespace Tarmak.Grains.Drivers;

/// <summary>The engine's own drivers, of what no cloud offers.</summary>
/// <param name="authorities">Certificate authorities.</param>
/// <param name="bundles">Configuration bundles.</param>
/// <param name="convergences">Convergence of instances.</param>
/// <param name="grants">Instances' grants.</param>
/// <param name="identities">Identities at clouds that have none.</param>
/// <param name="bindings">Where things that can move are served from.</param>
/// <param name="secretCopies">Secrets at the places they are bound to.</param>
/// <param name="objectCopies">Objects at the places they are bound to.</param>
public sealed class EngineDrivers(
    AuthorityDriver authorities, BundleDriver bundles, ConvergenceDriver convergences, AccessGrantsDriver grants, NoIdentityDriver identities,
    BindingDriver bindings, SecretCopyDriver secretCopies, ObjectCopyDriver objectCopies)
{
    /// <summary>
    /// Deadline of one call of these drivers: one small secret or object, or the engine's own database. It is what a
    /// deletion waits for where the engine was killed in the middle of a call.
    /// </summary>
    public static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(15);

    /// <summary>Finds a driver.</summary>
    /// <param name="resourceKind">The kind.</param>
    /// <returns>The driver, or null.</returns>
    public BoundDriver? Find(string resourceKind) => resourceKind switch
    {
        ResourceKinds.Authority => BoundDriver.Of(authorities),
        ResourceKinds.Bundle => BoundDriver.Of(bundles),
        ResourceKinds.Convergence => BoundDriver.Of(convergences),
        ResourceKinds.AccessGrants => BoundDriver.Of(grants),
        ResourceKinds.Binding => BoundDriver.Of(bindings),
        ResourceKinds.SecretCopy => BoundDriver.Of(secretCopies),
        ResourceKinds.ObjectCopy => BoundDriver.Of(objectCopies),
        _ => null,
    };

    /// <summary>Finds a driver of what a provider does not offer and that may be missing.</summary>
    /// <param name="resourceKind">The kind.</param>
    /// <returns>The driver, or null where there is no doing without.</returns>
    public BoundDriver? FindStandIn(string resourceKind) => resourceKind == ResourceKinds.AccessIdentity ? BoundDriver.Of(identities) : null;
}
