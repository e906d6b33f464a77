using System.Text;
using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Faults;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes, and secret stores, that tell a fault as what it is not.</summary>
internal static class WrongUnderFaults
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("calls every fault transient", static (a, f) => new CallsItTransient(a, f)),
        Of("succeeds whatever the account says", static (a, f) => new Swallows(a, f)),
        Of("throws a refusal on", static (a, f) => new Throws(a, f)),
        Of("has done what it says failed", static (a, f) => new DoesAndFails(a, f)),
        Of("says that a delete failed which it did", static (a, f) => new DeletesAndFails(a, f)),
        Of("is sure of an answer that was lost", static (a, f) => new SureOfTheLost(a, f)),
        Of("tells a lost answer as a passing fault", static (a, f) => new PassingWhereLost(a, f)),
        Of("tells its credential", static (a, f) => new TellsItsCredential(a, f)),
        Of("says nothing", static (a, f) => new SaysNothing(a, f)),
        Of("throws where its requirements cannot be looked at", static (a, f) => new FaultedVolumes(a, f), verifyThrows: true),
        OfSecrets("tells the value it could not keep", static f => new TellsTheValue(f)),
        OfSecrets("calls every fault of the store terminal", static f => new CallsItTerminal(f)),
    ];

    private static WrongDriver Of(string what, Func<MemoryVolumes, FaultCase, MemoryVolumes> faulted, bool verifyThrows = false)
    {
        var account = new MemoryVolumes();
        return new($"under a fault {what}", "volumes/volume-faults-come-back-as-their-class", MemoryCloud.Of(volumes: account).Open)
        {
            Faults = new MemoryFaults(f => faulted(account, f)) { VerifyThrows = verifyThrows },
        };
    }

    private static WrongDriver OfSecrets(string what, Func<FaultCase, MemorySecretStore> faulted) =>
        new($"under a fault {what}", "secretStore/faults-come-back-as-their-class", MemoryCloud.Of(new MemorySecretStore()).Open)
        {
            Faults = new MemoryFaults(static f => new FaultedVolumes(new MemoryVolumes(), f), faulted),
        };

    private sealed class CallsItTransient(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => new StepOutcome.Failed(ErrorClass.Transient, "It failed; try again.");
    }

    private sealed class Swallows(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => new StepOutcome.Succeeded(Observation.Present("volume-1", Outputs("volume-1")));
    }

    private sealed class Throws(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => throw new InvalidOperationException($"{what} failed.");
    }

    private sealed class DoesAndFails(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            await Account.EnsureAsync(call, spec, cancellationToken);
            return Told("ensuring");
        }
    }

    private sealed class DeletesAndFails(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        public override async Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            await Account.DeleteAsync(call, spec, cancellationToken);
            return Told("deleting");
        }
    }

    private sealed class SureOfTheLost(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => Fault.Error is null ? new StepOutcome.Failed(ErrorClass.Terminal, "No answer came.") : base.Told(what);
    }

    private sealed class PassingWhereLost(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => Fault.Error is null ? new StepOutcome.Failed(ErrorClass.Transient, "No answer came.") : base.Told(what);
    }

    private sealed class TellsItsCredential(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => Fault.Error is { } error ? new StepOutcome.Failed(error, $"{what} with {MemoryFaults.Credential} failed.") : base.Told(what);
    }

    private sealed class SaysNothing(MemoryVolumes account, FaultCase fault) : FaultedVolumes(account, fault)
    {
        protected override StepOutcome Told(string what) => Fault.Error is { } error ? new StepOutcome.Failed(error, "") : base.Told(what);
    }

    private sealed class TellsTheValue(FaultCase fault) : FaultedSecrets(fault)
    {
        private readonly FaultCase fault = fault;

        protected override ProviderException Told(ReadOnlyMemory<byte> value) =>
            new(fault.Error ?? ErrorClass.Transient, "It was refused.", new InvalidOperationException($"{Encoding.UTF8.GetString(value.Span)} was not kept."));
    }

    private sealed class CallsItTerminal(FaultCase fault) : FaultedSecrets(fault)
    {
        protected override ProviderException Told(ReadOnlyMemory<byte> value) => new(ErrorClass.Terminal, "It failed.");
    }
}
