using Tarmak.Machines.Steps;

namespace Tarmak.Providers.Capabilities;

/// <summary>
/// Drives one kind of object of one provider. Every method has at most one external effect per call, is bounded by
/// the deadline of its <see cref="ResourceTraits"/>, and translates the provider's exceptions into outcomes: what
/// certainly did not happen is <see cref="StepOutcome.Failed"/>, what may have happened is
/// <see cref="StepOutcome.Unknown"/>. Other exceptions are bugs.
/// </summary>
/// <typeparam name="TSpec">The kind's specification.</typeparam>
public interface IResourceDriver<TSpec>
    where TSpec : class
{
    /// <summary>What the driver declares about its kind.</summary>
    ResourceTraits Traits { get; }

    /// <summary>Reads the object, by id where one is known, else by the name that owner and incarnation give it.</summary>
    /// <param name="call">Whose object, which incarnation.</param>
    /// <param name="spec">The recorded parameters.</param>
    /// <param name="cancellationToken">Ends the call; the outcome is then unknown.</param>
    /// <returns>The outcome.</returns>
    Task<StepOutcome> ObserveAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);

    /// <summary>Creates the object or brings it to the specification. Doing it twice with one token changes nothing more.</summary>
    /// <param name="call">Whose object, which incarnation.</param>
    /// <param name="spec">The recorded parameters.</param>
    /// <param name="cancellationToken">Ends the call; the outcome is then unknown.</param>
    /// <returns>The outcome.</returns>
    Task<StepOutcome> EnsureAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);

    /// <summary>Deletes the object by its id. Absent is success; another incarnation's object is never touched.</summary>
    /// <param name="call">Whose object, which incarnation; <see cref="ResourceCall.ObjectId"/> is set.</param>
    /// <param name="spec">The recorded parameters.</param>
    /// <param name="cancellationToken">Ends the call; the outcome is then unknown.</param>
    /// <returns>The outcome.</returns>
    Task<StepOutcome> DeleteAsync(ResourceCall call, TSpec spec, CancellationToken cancellationToken);
}
