using System.Collections.Concurrent;
using Tarmak.Grains.Providers;
using Tarmak.Machines;
using Tarmak.Machines.Steps;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Drivers;

/// <summary>Finds the driver of a step and calls it: the provider's, or the engine's own.</summary>
/// <param name="providers">The bound providers.</param>
/// <param name="engineDrivers">The engine's own drivers.</param>
/// <param name="installation">Identity of the installation.</param>
public sealed class DriverCatalog(ProviderCatalog providers, EngineDrivers engineDrivers, InstallationIdentity installation)
{
    private readonly ConcurrentDictionary<string, IProvider> prepared = new(StringComparer.Ordinal);

    /// <summary>Opens a provider, so that its traits can be asked for without waiting.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A task.</returns>
    /// <exception cref="ProviderException">There is no such provider.</exception>
    public async ValueTask PrepareAsync(string provider, CancellationToken cancellationToken)
    {
        if (provider != EngineProvider.Name)
        {
            prepared[provider] = await providers.GetAsync(provider, cancellationToken);
        }
    }

    /// <summary>What the driver of a kind declares.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="resourceKind">The kind.</param>
    /// <returns>
    /// The traits; where the provider is not there or does not offer the kind, ones under which the next step is tried
    /// and says so, and nothing is taken for done or let go of by a guess.
    /// </returns>
    public ResourceTraits Traits(string provider, string resourceKind) => Find(provider, resourceKind)?.Traits ?? new ResourceTraits
    {
        Kind = resourceKind,
        EnsureResolution = UnknownResolution.Replay,
        HoldsData = true,
        Compare = static (_, _) => ChangeEffect.Update,
    };

    /// <summary>Runs a step.</summary>
    /// <param name="call">The step.</param>
    /// <param name="isLate">Whether the step's start deadline has passed; then nothing is sent.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The outcome; never an exception.</returns>
    public async Task<StepOutcome> RunAsync(StepCall call, Func<bool> isLate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(isLate);
        try
        {
            await PrepareAsync(call.Provider, cancellationToken);
            if (isLate())
            {
                return new StepOutcome.Unknown("The step was not begun in time and was not sent.");
            }

            return await Driver(call.Provider, call.Kind).RunAsync(call, Resource(call), cancellationToken);
        }
        catch (ProviderException refused)
        {
            return new StepOutcome.Failed(refused.Error, refused.Message);
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // The boundary of the driver: whatever it may have done before it threw is found out by the machine.
            return new StepOutcome.Unknown($"The driver of {call.Kind} failed unexpectedly ({bug.GetType().Name}: {bug.Message}).");
        }
    }

    private ResourceCall Resource(StepCall call) => new()
    {
        Marks = new OwnerMarks(installation.Id, call.Owner.Environment, call.Owner.Cluster, call.Uid, call.Owner.Key),
        Name = ObjectNames.Of(installation.Id, call.Owner),
        Incarnation = call.Incarnation,
        Token = call.Token,
        ObjectId = call.ObjectId,
        Handle = call.Handle,
    };

    // The engine's own kinds may be about a provider: it is opened for them, and in use as long as they are there.
    private BoundDriver? Find(string provider, string resourceKind) => engineDrivers.Find(resourceKind)
        ?? (prepared.TryGetValue(provider, out var opened) ? ProviderDrivers.Find(opened, resourceKind) ?? engineDrivers.FindStandIn(resourceKind) : null);

    private BoundDriver Driver(string provider, string resourceKind) =>
        Find(provider, resourceKind) ?? throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {provider} does not offer {resourceKind}; bind the capability to one that does.");
}
