using System.Collections.Immutable;
using Tarmak.Machines.Steps;
using Tarmak.Model.Networking;
using Tarmak.Model.Resources;

namespace Tarmak.Providers.Conformance.Checks;

/// <summary>Demands of firewall groups and their rules.</summary>
internal static class FirewallChecks
{
    private const int MachineOffset = 21;

    private static readonly ImmutableArray<FirewallRule> Some =
    [
        new(new FirewallPeer(FirewallPeerKinds.Cidr, "192.0.2.0/24") { Addresses = ["192.0.2.0/24"] }, FirewallProtocols.Tcp, [22, 2379]),
        new(new FirewallPeer(FirewallPeerKinds.Balancer, "etcd") { Addresses = ["198.51.100.2/32"] }, FirewallProtocols.Tcp, [2379]),
    ];

    public static ImmutableArray<ConformanceCheck> All { get; } =
    [
        .. LifecycleChecks.Of(CapabilityNames.Firewall, ResourceKinds.FirewallGroup, static p => p.Firewall?.Groups, GroupSpecAsync),
        .. LifecycleChecks.Of(CapabilityNames.Firewall, ResourceKinds.FirewallRules, static p => p.Firewall?.Rules, async (scope, t) => new FirewallRulesSpec(await GroupAsync(scope, t).ConfigureAwait(false), Some)),
        Check("rules-are-the-whole", "Rules ensured again with less or more are observed out of sync before, and as wanted after.", WholeAsync),
        Check("rules-of-every-kind-of-peer-are-made", "Rules for each kind of peer and each protocol of the sheet are made and observed as made.", EveryPeerAsync),
        Check("rules-of-a-missing-group-are-refused", "Ensuring rules of a group that is not there fails as DependencyMissing.", MissingGroupAsync),
        Check("rules-that-are-none-are-refused", "Rules with an address or a port that is none fail as InvalidSpec.", InvalidAsync),
        new(
            $"{CapabilityNames.Firewall}/group-in-use-stays", "A group that a machine is in is not deleted; it is refused as DependencyMissing.",
            static p => p is { Firewall: not null, Compute: not null, MachineImages: not null, Network: not null }, InUseAsync),
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
        await Rules(scope, group, Some).EnsureAsync(cancellationToken).ConfigureAwait(false);
        var otherPort = Some.SetItem(0, Some[0] with { Ports = [22] });
        var otherRange = Some.SetItem(0, Some[0] with { From = new FirewallPeer(FirewallPeerKinds.Cidr, "203.0.113.0/24") { Addresses = ["203.0.113.0/24"] } });
        foreach (var (what, wanted) in new[] { ("less", Some[..1]), ("more", Some), ("another port", otherPort), ("another range", otherRange), ("nothing", []) })
        {
            var next = Rules(scope, group, wanted);
            Expect.That(!(await next.ObserveAsync(next.Call, cancellationToken).ConfigureAwait(false)).InSync, $"Rules that are to be {what} were observed as in sync before they were.");
            await next.EnsureAsync(cancellationToken).ConfigureAwait(false);
            var seen = await next.ObserveAsync(next.Call, cancellationToken).ConfigureAwait(false);
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
        Expect.That((await rules.ObserveAsync(rules.Call, cancellationToken).ConfigureAwait(false)) is { Exists: true, InSync: true }, "Rules for every kind of peer are not observed as made.");
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
        var spec = await ComputeChecks.MachineAsync(scope, MachineOffset, cancellationToken).ConfigureAwait(false);
        var machine = new Specimen<MachineSpec>(
            scope, scope.Provider.Compute!.Machines, ResourceKinds.Machine, spec with { FirewallGroupId = ResourceJson.Read<FirewallGroupOutputs>(made.Outputs!).GroupId });
        await machine.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var outcome = await group.DeleteOutcomeAsync(group.Call with { ObjectId = made.ObjectId }, cancellationToken).ConfigureAwait(false);
        Expect.That(outcome is StepOutcome.Failed { Error: ErrorClass.DependencyMissing }, $"Deleting a group that a machine is in ended as {outcome}.");
        Expect.That((await group.ObserveAsync(group.Call, cancellationToken).ConfigureAwait(false)).Exists, "A group that a machine is in is gone.");
    }
}
