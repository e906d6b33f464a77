using System.Security.Cryptography;
using Tarmak.Grains.Agents;
using Tarmak.Grains.Drivers;
using Tarmak.Grains.Providers;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// An environment's secrets at one of their places. Made, they are copied from the place in force; deleted, they are wiped
/// there, unless the two places turn out to be one.
/// </summary>
/// <param name="places">Says which place is in force.</param>
/// <param name="providers">The bound providers.</param>
public sealed class SecretCopyDriver(SecretPlaces places, IProviders providers) : IResourceDriver<SecretCopySpec>
{
    private const int ProbeLength = 32;

    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.SecretCopy,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = EngineDrivers.CallDeadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, SecretCopySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Seen(spec)));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, SecretCopySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        return await CopyAsync(call, spec, cancellationToken).ConfigureAwait(false) ?? new StepOutcome.Succeeded(Seen(spec));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> DeleteAsync(ResourceCall call, SecretCopySpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);
        var inForce = await places.RecordedAsync(spec.Environment, cancellationToken).ConfigureAwait(false);
        if (inForce?.Place == spec.Place)
        {
            // The environment is going, and whoever owns a secret removes it.
            return new StepOutcome.Succeeded(Observation.Absent);
        }

        try
        {
            var store = await OpenAsync(spec.Provider, cancellationToken).ConfigureAwait(false);
            if (inForce is null || !await AreOneAsync(store, await OpenAsync(inForce.Provider, cancellationToken).ConfigureAwait(false), call, spec, cancellationToken).ConfigureAwait(false))
            {
                await WipeAsync(store, spec.Environment, cancellationToken).ConfigureAwait(false);
            }

            return new StepOutcome.Succeeded(Observation.Absent);
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(
                refused.Error, $"The secrets of environment {spec.Environment} cannot be wiped at {spec.Provider}, where they are used no more: {refused.Message}", refused);
        }
    }

    /// <summary>Copies a page of what is in force.</summary>
    /// <returns>That there is more; null: the copy is whole.</returns>
    internal async Task<StepOutcome?> CopyAsync(ResourceCall call, SecretCopySpec spec, CancellationToken cancellationToken)
    {
        var inForce = await places.RecordedAsync(spec.Environment, cancellationToken).ConfigureAwait(false);
        if (inForce is null || inForce.Place == spec.Place)
        {
            return null;
        }

        try
        {
            var last = await SecretCopying.PageAsync(
                spec.Environment,
                await OpenAsync(inForce.Provider, cancellationToken).ConfigureAwait(false),
                await OpenAsync(spec.Provider, cancellationToken).ConfigureAwait(false),
                call.Handle, cancellationToken).ConfigureAwait(false);
            return last is null
                ? null
                : new StepOutcome.InProgress(last, TimeSpan.Zero, $"The secrets of environment {spec.Environment} are being copied from {inForce.Provider} to {spec.Provider}.");
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(
                refused.Error,
                $"The secrets of environment {spec.Environment} cannot be copied to {spec.Provider} and are served from {inForce.Provider} meanwhile: {refused.Message}", refused);
        }
    }

    private static Observation Seen(SecretCopySpec spec) =>
        Observation.Present(FormattableString.Invariant($"{spec.Environment}/{spec.Place}"), ResourceJson.Write(new SecretCopyOutputs(spec.Place)));

    /// <summary>Whether what is written to one store is read from the other: two providers may lead to one.</summary>
    private static async Task<bool> AreOneAsync(ISecretStore store, ISecretStore inForce, ResourceCall call, SecretCopySpec spec, CancellationToken cancellationToken)
    {
        var name = $"{AgentPlaces.SecretPrefixes(spec.Environment)[0]}probe-{call.Marks.Uid.ToLowerInvariant()}";
        var written = await store.CreateIfAbsentAsync(name, RandomNumberGenerator.GetBytes(ProbeLength), cancellationToken).ConfigureAwait(false);
        var read = await inForce.GetAsync(name, cancellationToken).ConfigureAwait(false);
        await store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        return read is not null && read.Value.Span.SequenceEqual(written.Value.Span);
    }

    private static async Task WipeAsync(ISecretStore store, string environment, CancellationToken cancellationToken)
    {
        foreach (var prefix in AgentPlaces.SecretPrefixes(environment))
        {
            foreach (var name in await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                await store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ISecretStore> OpenAsync(string provider, CancellationToken cancellationToken) =>
        (await providers.GetAsync(provider, cancellationToken).ConfigureAwait(false)).SecretStore
        ?? throw new ProviderException(ErrorClass.InvalidSpec, $"Provider {provider} offers no secret store; bind the environment to one that does.");
}
