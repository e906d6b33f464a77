using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Capabilities;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Drivers of volumes that are right as long as no process dies.</summary>
internal static class WrongSurvivors
{
    private const string MadeThroughDeath = "made-through-every-death-is-one";
    private const string ReplacedThroughDeath = "replaced-through-every-death-is-one";
    private const string DeletedThroughDeath = "deleted-through-every-death-is-gone";

    public static IEnumerable<WrongDriver> All =>
    [
        Of("knows only its own process's tokens", MadeThroughDeath, static a => new OwnTokensOnly(a)),
        Of("knows only its own process's steps in progress", MadeThroughDeath, static a => new OwnHandlesOnly(a)),
        Of("makes another one when asked after it in another process", MadeThroughDeath, static a => new PollMakes(a)),
        Of("finds by id only", MadeThroughDeath, static a => new FindsByIdOnly(a)),
        Of("tells an object that another process made by other outputs", MadeThroughDeath, static a => new OutputsOfAProcess(a)),
        Of("answers a replacement with the one that is gone", ReplacedThroughDeath, static a => new TokenWithoutIncarnation(a)),
        Of("keeps the name of the one that is gone", ReplacedThroughDeath, static a => new KeepsNames(a)),
        Of("makes the replacement anew in each process", ReplacedThroughDeath, static a => new ReplacesAgain(a)),
        Of("forgets a removal that another process began", DeletedThroughDeath, static a => new ForgetsRemoval(a)),
        Of("unmarks first, and does not find what it unmarked", DeletedThroughDeath, static a => new UnmarksFirst(a)),
        new("declares unique names and looks before it makes", "volumes/volume-made-under-stale-looks-is-one", Opening(new LooksAtThePast(), static a => new ProcessVolumes(a))),
        new("takes what does not show for absent", "volumes/volume-made-under-stale-looks-is-one", Opening(new NeverShows(), static a => new ProcessVolumes(a))),
    ];

    private static WrongDriver Of(string what, string caught, Func<MemoryVolumes, MemoryVolumes> process) =>
        new(what, $"volumes/volume-{caught}", Opening(new VolumeAccount(), process));

    private static Func<IProvider> Opening(MemoryVolumes account, Func<MemoryVolumes, MemoryVolumes> process) =>
        new MemoryCloud(static () => null, static () => null, () => process(account)).Open;

    private static StepOutcome.InProgress Going(string handle) => new(handle, TimeSpan.FromMilliseconds(1), "It is under way.");

    /// <summary>An account that also makes what its drivers should not.</summary>
    private sealed class VolumeAccount : MemoryVolumes
    {
        private int others;

        public Observation Another(ResourceCall call)
        {
            lock (Gate)
            {
                return Seen(Make(call, $"{call.Name}-{++others}"));
            }
        }

        public Observation Replace(ResourceCall call)
        {
            lock (Gate)
            {
                return Seen(Make(call));
            }
        }

        public void Unmark(string name)
        {
            lock (Gate)
            {
                if (Objects.TryGetValue(name, out var one))
                {
                    Objects[name] = one with { Incarnation = 0 };
                }
            }
        }

        public void Drop(string name)
        {
            lock (Gate)
            {
                Objects.Remove(name);
            }
        }
    }

    private abstract class OfAProcess(MemoryVolumes account) : ProcessVolumes(account)
    {
        protected new VolumeAccount Account => (VolumeAccount)base.Account;

        /// <summary>What this process did, and no other knows of.</summary>
        protected Dictionary<string, Observation> Known { get; } = new(StringComparer.Ordinal);

        protected async Task<bool> IsThereAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            await Account.ObserveAsync(call, spec, cancellationToken) is StepOutcome.Succeeded { Observation.Exists: true };
    }

    private sealed class OwnTokensOnly(MemoryVolumes account) : OfAProcess(account)
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (!Known.TryGetValue(call.Token, out var made))
            {
                made = await IsThereAsync(call, spec, cancellationToken) ? Account.Another(call) : Account.Replace(call);
                Known[call.Token] = made;
            }

            return new StepOutcome.Succeeded(made);
        }
    }

    private sealed class OwnHandlesOnly(MemoryVolumes account) : OfAProcess(account)
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.Handle is null)
            {
                Known[call.Token] = Observation.Absent;
                return Going(call.Token);
            }

            return Known.ContainsKey(call.Handle)
                ? await base.EnsureAsync(call, spec, cancellationToken)
                : new StepOutcome.Failed(ErrorClass.Terminal, $"There is no step {call.Handle}.");
        }
    }

    private sealed class PollMakes(MemoryVolumes account) : OfAProcess(account)
    {
        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.Handle is null)
            {
                await base.EnsureAsync(call, spec, cancellationToken);
                Known[call.Token] = Observation.Absent;
                return Going(call.Token);
            }

            return Known.ContainsKey(call.Handle) ? await base.EnsureAsync(call, spec, cancellationToken) : new StepOutcome.Succeeded(Account.Another(call));
        }
    }

    private sealed class FindsByIdOnly(MemoryVolumes account) : OfAProcess(account)
    {
        public override ResourceTraits Traits { get; } = new()
        {
            Kind = ResourceKinds.Volume,
            EnsureResolution = UnknownResolution.Read,
            Compare = static (_, _) => ChangeEffect.None,
        };

        public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            call.ObjectId is null ? Ended(Observation.Absent) : base.ObserveAsync(call, spec, cancellationToken);
    }

    private sealed class OutputsOfAProcess(MemoryVolumes account) : OfAProcess(account)
    {
        private readonly string process = Guid.NewGuid().ToString();

        public override async Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            Own(await base.ObserveAsync(call, spec, cancellationToken));

        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            Own(await base.EnsureAsync(call, spec, cancellationToken));

        private StepOutcome Own(StepOutcome outcome) => outcome is StepOutcome.Succeeded { Observation: { Exists: true, ObjectId: { } id } }
            ? new StepOutcome.Succeeded(Observation.Present(id, Outputs(process)))
            : outcome;
    }

    private sealed class TokenWithoutIncarnation(MemoryVolumes account) : OfAProcess(account)
    {
        private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, StepOutcome> s_answered = new(StringComparer.Ordinal);

        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            var token = $"{call.Marks.Uid}/{call.Name}";
            if (!s_answered.TryGetValue(token, out var answer))
            {
                s_answered[token] = answer = await base.EnsureAsync(call, spec, cancellationToken);
            }

            return answer;
        }
    }

    private sealed class KeepsNames(MemoryVolumes account) : OfAProcess(account)
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            Account.Unmark(call.Name);
            return Ended(Observation.Absent);
        }
    }

    private sealed class ReplacesAgain(MemoryVolumes account) : OfAProcess(account)
    {
        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.Incarnation == 1)
            {
                return base.EnsureAsync(call, spec, cancellationToken);
            }

            if (!Known.TryGetValue(call.Token, out var made))
            {
                Known[call.Token] = made = Account.Replace(call);
            }

            return Ended(made);
        }
    }

    private sealed class ForgetsRemoval(MemoryVolumes account) : OfAProcess(account)
    {
        public override Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.Handle is null)
            {
                Known[call.Name] = Observation.Absent;
                return Task.FromResult<StepOutcome>(Going("removal"));
            }

            // Of another process it believes that it ended what it began.
            return Known.ContainsKey(call.Name) ? base.DeleteAsync(call, spec, cancellationToken) : Ended(Observation.Absent);
        }
    }

    private sealed class UnmarksFirst(MemoryVolumes account) : OfAProcess(account)
    {
        public override async Task<StepOutcome> DeleteAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            if (call.Handle is null && await IsThereAsync(call, spec, cancellationToken))
            {
                Account.Unmark(call.Name);
                Known[call.Name] = Observation.Absent;
                return Going("unmarked");
            }

            if (Known.ContainsKey(call.Name))
            {
                Account.Drop(call.Name);
            }

            return new StepOutcome.Succeeded(Observation.Absent);
        }
    }

    /// <summary>Its first look after it made something is behind, and it believes that look.</summary>
    private sealed class LooksAtThePast() : StaleVolumes(WrongVisibility.Bound)
    {
        private readonly HashSet<string> looked = new(StringComparer.Ordinal);

        public override async Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                if (Own(call) is not null && looked.Add(call.Token))
                {
                    return Kept(new StepOutcome.Succeeded(Seen(Make(call, $"{call.Name}-{looked.Count}"))));
                }
            }

            return await base.EnsureAsync(call, spec, cancellationToken);
        }
    }

    /// <summary>Declares that only looking tells, and what it made never shows by its name.</summary>
    private sealed class NeverShows() : StaleVolumes(WrongVisibility.Bound)
    {
        private int others;

        public override ResourceTraits Traits { get; } = new()
        {
            Kind = ResourceKinds.Volume,
            EnsureResolution = UnknownResolution.Read,
            VisibilityBound = WrongVisibility.Bound,
            Compare = static (_, _) => ChangeEffect.None,
        };

        public override Task<StepOutcome> ObserveAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken) =>
            call.ObjectId is null ? Ended(Observation.Absent) : base.ObserveAsync(call, spec, cancellationToken);

        public override Task<StepOutcome> EnsureAsync(ResourceCall call, VolumeSpec spec, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                return Task.FromResult(Kept(new StepOutcome.Succeeded(Seen(Make(call, $"{call.Name}-{++others}")))));
            }
        }
    }
}
