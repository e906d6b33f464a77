using System.Text;
using Tarmak.Grains.Providers;
using Tarmak.Grains.Storage;
using Tarmak.Machines;
using Tarmak.Machines.Environments;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers;
using Tarmak.Providers.Binding;
using Tarmak.Providers.Capabilities;

namespace Tarmak.Grains.Moves;

/// <summary>
/// Where something that can move is served from. Ensuring a new place verifies what is there, as it can be read from the
/// provider, and changes nothing else: the place is in force with the commit of the outcome, in one transaction with the
/// row that everybody asks.
/// </summary>
/// <param name="machines">Have what is at the new place.</param>
/// <param name="providers">The bound providers.</param>
/// <param name="secrets">Completes the secrets' copy.</param>
/// <param name="objects">Completes the objects' copies.</param>
/// <param name="installation">Identity of the installation.</param>
public sealed class BindingDriver(IMachineStore machines, IProviders providers, SecretCopyDriver secrets, ObjectCopyDriver objects, InstallationIdentity installation)
    : IResourceDriver<BindingSpec>
{
    /// <inheritdoc/>
    public ResourceTraits Traits { get; } = new()
    {
        Kind = ResourceKinds.Binding,
        EnsureResolution = UnknownResolution.Replay,
        CallDeadline = ObjectCopyDriver.Deadline,
        Compare = static (recorded, wanted) => recorded == wanted ? ChangeEffect.None : ChangeEffect.Update,
    };

    /// <inheritdoc/>
    public Task<StepOutcome> ObserveAsync(ResourceCall call, BindingSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Seen(spec)));
    }

    /// <inheritdoc/>
    public async Task<StepOutcome> EnsureAsync(ResourceCall call, BindingSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(spec);

        // The first place is recorded as it is: it serves already, well or badly.
        if (call.ObjectId is null && spec.Place == 0)
        {
            return new StepOutcome.Succeeded(Seen(spec));
        }

        if (spec.Key == CapabilityNames.SecretStore)
        {
            return await secrets.CopyAsync(call, new SecretCopySpec(spec.Environment, spec.Place, spec.Provider), cancellationToken).ConfigureAwait(false)
                ?? new StepOutcome.Succeeded(Seen(spec));
        }

        var opened = await providers.GetAsync(spec.Provider, cancellationToken).ConfigureAwait(false);
        var found = await LookAsync(opened, spec, cancellationToken).ConfigureAwait(false);
        if (found is StepOutcome.Succeeded { Observation: { Exists: true, InSync: true, ObjectId: var id } })
        {
            // What is asked after again has taken an object already.
            if (call.Handle is null)
            {
                await TryAsync(opened, id!, call, spec, cancellationToken).ConfigureAwait(false);
            }

            var copied = BoundPlace.CopiedUses.Contains(spec.Key)
                ? await objects.CopyAsync(call, new ObjectCopySpec(spec.Environment, spec.Place, spec.Provider, spec.Key, id!), cancellationToken).ConfigureAwait(false)
                : null;
            return copied ?? new StepOutcome.Succeeded(Seen(spec));
        }

        return new StepOutcome.Failed(ErrorClass.Transient, $"{Sentence(spec)}: {Detail(found)}");
    }

    /// <inheritdoc/>
    public Task<StepOutcome> DeleteAsync(ResourceCall call, BindingSpec spec, CancellationToken cancellationToken) =>
        Task.FromResult<StepOutcome>(new StepOutcome.Succeeded(Observation.Absent));

    private static Observation Seen(BindingSpec spec) =>
        Observation.Present($"{spec.Environment}/{spec.Key}", ResourceJson.Write(new BindingOutputs(spec.Place, spec.Provider)));

    private static string Sentence(BindingSpec spec) =>
        $"{spec.Key} of environment {spec.Environment} is not served from {spec.Provider} yet, and from where it was meanwhile";

    private static string Detail(StepOutcome? found) => found switch
    {
        StepOutcome.Failed failed => failed.Message,
        StepOutcome.Unknown unknown => unknown.Reason,
        StepOutcome.Succeeded { Observation: { Exists: true, Detail: { } detail } } => detail,
        _ => "what was made there is not to be seen.",
    };

    /// <summary>The object as its provider shows it, with exactly the marks it was made with.</summary>
    private async Task<StepOutcome?> LookAsync(IProvider opened, BindingSpec spec, CancellationToken cancellationToken)
    {
        var address = new MachineAddress(MachineKind.Capability, spec.Object);
        var stored = await machines.ReadAsync(address, cancellationToken).ConfigureAwait(false);
        if (stored?.State is not { Uid: { } uid, Resource: { Object: { } known } ledger }
            || ProviderDrivers.Find(opened, address.ResourceKind!) is not { } driver)
        {
            return null;
        }

        var step = new StepCall
        {
            CallId = 0,
            Kind = address.ResourceKind!,
            Provider = spec.Provider,
            Step = StepKind.Observe,
            Owner = address,
            Uid = uid,
            Incarnation = ledger.Incarnation,
            Token = $"{uid}.observe.{FormattableString.Invariant($"{ledger.Incarnation}")}",
            Parameters = known.Parameters,
            ObjectId = known.ObjectId,
        };
        return await driver.RunAsync(step, new ResourceCall
        {
            Marks = new OwnerMarks(installation.Id, address.Environment, address.Cluster, uid, address.Key),
            Name = ObjectNames.Of(installation.Id, address),
            Incarnation = step.Incarnation,
            Token = step.Token,
            ObjectId = step.ObjectId,
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A bucket must take an object and give it back, before anybody's is put there.</summary>
    private static async Task TryAsync(IProvider opened, string objectId, ResourceCall call, BindingSpec spec, CancellationToken cancellationToken)
    {
        if (new MachineAddress(MachineKind.Capability, spec.Object).ResourceKind != ResourceKinds.Bucket || opened.ObjectStorage is not { } storage)
        {
            return;
        }

        try
        {
            var key = $"{ObjectCopyPlace.Probes}{call.Marks.Uid}";
            var content = Encoding.UTF8.GetBytes(call.Token);
            await storage.PutAsync(objectId, key, content, null, cancellationToken).ConfigureAwait(false);
            var read = await storage.GetAsync(objectId, key, cancellationToken).ConfigureAwait(false);
            await storage.DeleteAsync(objectId, key, cancellationToken).ConfigureAwait(false);
            if (read is null || !read.Content.Span.SequenceEqual(content))
            {
                throw new ProviderException(ErrorClass.Transient, $"bucket {objectId} does not give back what is put there.");
            }
        }
        catch (ProviderException refused)
        {
            throw new ProviderException(refused.Error, $"{Sentence(spec)}: {refused.Message}", refused);
        }
    }
}
