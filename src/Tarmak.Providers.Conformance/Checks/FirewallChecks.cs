using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of firewall groups and their rules.</summary>
internal static class FirewallChecks
{
    private const int MachineOffset = 21;
    private const int GuardedOffset = 24;
    private const int OtherOffset = 25;
    private const int FreeOffset = 26;
    private const int Port = 2379;
    private const int OtherPort = 2380;

    private static readonly ImmutableArray<FirewallRule> Some =
    [
        new(new FirewallPeer(FirewallPeerKinds.Cidr, "192.0.2.0/24") { Addresses = ["192.0.2.0/24"] }, FirewallProtocols.Tcp, [22, 2379]),
        new(new FirewallPeer(FirewallPeerKinds.Balancer, "etcd") { Addresses = ["198.51.100.2/32"] }, FirewallProtocols.Tcp, [2379]),
    ];

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.Firewall, ResourceKinds.FirewallGroup, static p => p.Firewall?.Groups, GroupSpecAsync),
        .. LifecycleChecks.Of(CapabilityNames.Firewall, ResourceKinds.FirewallRules, static p => p.Firewall?.Rules, async (scope, t) => new FirewallRulesSpec(await GroupAsync(scope, t).ConfigureAwait(false), Some),
            changed: static spec => spec with { Rules = Some[..1] }),
        Check("rules-are-the-whole", "Rules ensured again with less or more are observed out of sync before, and as wanted after.", WholeAsync),
        Check("rules-of-every-kind-of-peer-are-made", "Rules for each kind of peer and each protocol of the sheet are made and observed as made.", EveryPeerAsync),
        Check("rules-of-a-missing-group-are-refused", "Ensuring rules of a group that is not there fails as DependencyMissing.", MissingGroupAsync),
        Check("rules-that-are-none-are-refused", "Rules with an address or a port that is none fail as InvalidSpec.", InvalidAsync),
        new(
            $"{CapabilityNames.Firewall}/group-in-use-stays", "A group that a machine is in is not deleted; it is refused as DependencyMissing.",
            static p => p is { Firewall: not null, Compute: not null, MachineImages: not null, Network: not null }, InUseAsync) { ExcludedBy = Places.WithoutMachines },
        new(
            $"{CapabilityNames.Firewall}/rules-let-in-what-they-say", "A machine in a group is reached by whom its rules name, at the ports they name, from when they are ensured and until they are not; what it sends itself passes.",
            static p => p is { Firewall: not null, Compute: not null, MachineImages: not null, Network: not null } && Senders.AreThere(p), LetInAsync) { ExcludedBy = Places.WithoutMachines },
    ];

    private static ConformanceCheck Check(string behaviour, string demand, Func<CheckScope, CancellationToken, Task> run) =>
        new($"{CapabilityNames.Firewall}/{behaviour}", demand, static p => p.Firewall is not null, run);

    private static async Task<FirewallGroupSpec> GroupSpecAsync(CheckScope scope, CancellationToken cancellationToken) => new(
        scope.Provider is { Network: not null } ? (await scope.Place!.InnerAsync(cancellationToken).ConfigureAwait(false)).NetworkId : scope.Name, "etcd");

    private static async Task<Specimen<FirewallGroupSpec>> GroupOfAsync(CheckScope scope, string part, CancellationToken cancellationToken) => new(
        scope, scope.Provider.Firewall!.Groups, ResourceKinds.FirewallGroup, await GroupSpecAsync(scope, cancellationToken).ConfigureAwait(false), part);

    private static async Task<string> GroupAsync(CheckScope scope, CancellationToken cancellationToken, string part = "group")
    {
        var group = await GroupOfAsync(scope, part, cancellationToken).ConfigureAwait(false);
        return ResourceJson.Read<FirewallGroupOutputs>((await group.EnsureAsync(cancellationToken).ConfigureAwait(false)).Outputs!).GroupId;
    }

    private static Specimen<FirewallRulesSpec> Rules(CheckScope scope, string group, ImmutableArray<FirewallRule> rules) =>
        new(scope, scope.Provider.Firewall!.Rules, ResourceKinds.FirewallRules, new FirewallRulesSpec(group, rules));

    private static async Task WholeAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(scope, cancellationToken).ConfigureAwait(false);
        var last = Rules(scope, group, Some);
        await last.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var otherPort = Some.SetItem(0, Some[0] with { Ports = [22] });
        var otherRange = Some.SetItem(0, Some[0] with { From = new FirewallPeer(FirewallPeerKinds.Cidr, "203.0.113.0/24") { Addresses = ["203.0.113.0/24"] } });
        foreach (var (what, wanted) in new[] { ("less", Some[..1]), ("more", Some), ("another port", otherPort), ("another range", otherRange), ("nothing", []) })
        {
            var next = Rules(scope, group, wanted);
            await last.SettleAsync(cancellationToken).ConfigureAwait(false);
            Expect.That(!(await next.ObserveAsync(next.Call, cancellationToken).ConfigureAwait(false)).InSync, $"Rules that are to be {what} were observed as in sync before they were.");
            await next.EnsureAsync(cancellationToken).ConfigureAwait(false);
            var seen = await next.ObserveUntilAsync(next.Call, static o => o is { Exists: true, InSync: true }, cancellationToken).ConfigureAwait(false);
            last = next;
            Expect.That(seen is { Exists: true, InSync: true }, $"Rules that were just ensured to be {what} are observed {(seen.Exists ? "out of sync" : "as absent")}: {seen.Detail}");
        }
    }

    private static async Task EveryPeerAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(scope, cancellationToken).ConfigureAwait(false);
        var other = await GroupAsync(scope, cancellationToken, "other").ConfigureAwait(false);
        FirewallPeer[] peers =
        [
            new(FirewallPeerKinds.Role, "worker") { GroupId = other, Addresses = ["192.0.2.1/32", "192.0.2.2/32"] },
            new(FirewallPeerKinds.Role, "bastion") { Addresses = ["192.0.2.3/32"] },
            new(FirewallPeerKinds.Role, "nobody-yet") { Addresses = [] },
            new(FirewallPeerKinds.Balancer, "etcd") { Addresses = ["198.51.100.2/32"] },
            new(FirewallPeerKinds.Cidr, "0.0.0.0/0") { Addresses = ["0.0.0.0/0"] },
        ];
        var rules = Rules(scope, group,
            [.. peers.SelectMany(peer => FirewallProtocols.All.Select(protocol => new FirewallRule(peer, protocol, protocol is FirewallProtocols.Tcp or FirewallProtocols.Udp ? [443, 8080] : [])))]);
        await rules.EnsureAsync(cancellationToken).ConfigureAwait(false);
        Expect.That((await rules.ObserveUntilAsync(rules.Call, static o => o is { Exists: true, InSync: true }, cancellationToken).ConfigureAwait(false)) is { Exists: true, InSync: true }, "Rules for every kind of peer are not observed as made.");
    }

    private static async Task MissingGroupAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var group = await GroupOfAsync(scope, "group", cancellationToken).ConfigureAwait(false);
        var made = await group.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await group.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        var rules = Rules(scope, ResourceJson.Read<FirewallGroupOutputs>(made.Outputs!).GroupId, Some);
        var outcome = await rules.EnsureOutcomeAsync(rules.Call, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.DependencyMissing }, $"Ensuring rules of a group that is gone ended as {outcome}.");
    }

    private static async Task InvalidAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var group = await GroupAsync(scope, cancellationToken).ConfigureAwait(false);
        foreach (var wrong in new[] { Some[0] with { Ports = [70000] }, Some[0] with { From = new FirewallPeer(FirewallPeerKinds.Cidr, "192.0.2.0/40") { Addresses = ["192.0.2.0/40"] } } })
        {
            var rules = Rules(scope, group, [wrong]);
            var outcome = await rules.EnsureOutcomeAsync(rules.Call, cancellationToken).ConfigureAwait(false);
            Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.InvalidSpec }, $"Ensuring a rule for {wrong.From.Name}, port {wrong.Ports[0]}, ended as {outcome}.");
        }
    }

    private static async Task InUseAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var group = await GroupOfAsync(scope, "group", cancellationToken).ConfigureAwait(false);
        var made = await group.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ComputeChecks.MadeAsync(
            scope, null, MachineOffset, m => m with { FirewallGroupId = ResourceJson.Read<FirewallGroupOutputs>(made.Outputs!).GroupId }, cancellationToken).ConfigureAwait(false);
        var outcome = await group.DeleteOutcomeAsync(group.Call with { ObjectId = made.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.DependencyMissing }, $"Deleting a group that a machine is in ended as {outcome}.");
        Expect.That((await group.ObserveUntilAsync(group.Call, static o => o.Exists, cancellationToken).ConfigureAwait(false)).Exists, "A group that a machine is in is gone.");
    }

    private static async Task LetInAsync(CheckScope scope, CancellationToken cancellationToken)
    {
        var (group, otherGroup) = (await GroupAsync(scope, cancellationToken).ConfigureAwait(false), await GroupAsync(scope, cancellationToken, "other").ConfigureAwait(false));
        var guarded = await ComputeChecks.MadeAsync(scope, "guarded", GuardedOffset, m => m with { FirewallGroupId = group }, cancellationToken).ConfigureAwait(false);
        var other = await ComputeChecks.MadeAsync(scope, "other", OtherOffset, m => m with { FirewallGroupId = otherGroup }, cancellationToken).ConfigureAwait(false);
        var free = await ComputeChecks.MadeAsync(scope, "free", FreeOffset, static m => m, cancellationToken).ConfigureAwait(false);
        Task ExpectAsync(bool open, MachineOutputs from, MachineOutputs to, int port, string why) => Senders.ExpectAsync(open, scope, from, to, port, why, cancellationToken);
        var role = new FirewallPeer(FirewallPeerKinds.Role, "other") { GroupId = otherGroup, Addresses = [$"{other.Address}/32"] };
        var range = new FirewallPeer(FirewallPeerKinds.Cidr, "free") { Addresses = [$"{free.Address}/32"] };

        await ExpectAsync(false, other, guarded, Port, "its group has no rules.").ConfigureAwait(false);
        await ExpectAsync(true, guarded, free, Port, "it begins that itself.").ConfigureAwait(false);
        await Rules(scope, group, [new FirewallRule(role, FirewallProtocols.Tcp, [Port])]).EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ExpectAsync(true, other, guarded, Port, "its rules let the role in.").ConfigureAwait(false);
        await ExpectAsync(false, other, guarded, OtherPort, "its rules let the role in at another port.").ConfigureAwait(false);
        await ExpectAsync(false, free, guarded, Port, "its rules let others in.").ConfigureAwait(false);
        var second = Rules(scope, group, [new FirewallRule(range, FirewallProtocols.Tcp, [OtherPort])]);
        var made = await second.EnsureAsync(cancellationToken).ConfigureAwait(false);
        await ExpectAsync(false, other, guarded, Port, "what let it in is not in the rules any more.").ConfigureAwait(false);
        await ExpectAsync(true, free, guarded, OtherPort, "its rules let the range in.").ConfigureAwait(false);
        await second.DeleteAsync(made.ObjectId!, cancellationToken).ConfigureAwait(false);
        await ExpectAsync(false, free, guarded, OtherPort, "its rules are gone.").ConfigureAwait(false);
    }
}
