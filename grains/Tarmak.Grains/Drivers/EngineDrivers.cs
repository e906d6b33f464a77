using Tarmak.Model.Resources;
using Tarmak.Providers.Binding;

namespace Tarmak.Grains.Drivers;

/// <summary>The engine's own drivers, of what no cloud offers.</summary>
/// <param name="authorities">Certificate authorities.</param>
/// <param name="bundles">Configuration bundles.</param>
/// <param name="convergences">Convergence of instances.</param>
public sealed class EngineDrivers(AuthorityDriver authorities, BundleDriver bundles, ConvergenceDriver convergences)
{
    /// <summary>Finds a driver.</summary>
    /// <param name="resourceKind">The kind.</param>
    /// <returns>The driver, or null.</returns>
    public BoundDriver? Find(string resourceKind) => resourceKind switch
    {
        ResourceKinds.Authority => BoundDriver.Of(authorities),
        ResourceKinds.Bundle => BoundDriver.Of(bundles),
        ResourceKinds.Convergence => BoundDriver.Of(convergences),
        _ => null,
    };
}
