using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Firewalls, wrong in one way each.</summary>
internal static class WrongFirewalls
{
    private const string LetIn = "firewall/rules-let-in-what-they-say";

    public static IEnumerable<WrongDriver> All =>
    [
        Of("opens and never closes", "rules-are-the-whole", groups => new NeverCloses(groups)),
        Of("looks at how many rules there are, not at which", "rules-are-the-whole", groups => new CountsRules(groups)),
        Of("takes rules for a group that is not there", "rules-of-a-missing-group-are-refused", groups => new DoesNotLook(groups)),
        Of("takes ports and addresses that are none", "rules-that-are-none-are-refused", groups => new TakesAnything(groups)),
        new("lets nobody in", LetIn, MemoryCloud.Right(new MemoryIdentities(), rules: static (_, _) => []).Open),
        new("lets everybody in whom any group lets in", LetIn, MemoryCloud.Right(new MemoryIdentities(), rules: static (f, _) => f.MadeRules.All.SelectMany(r => f.MadeRules.InForce(r.Spec.GroupId)).Select(Anybody)).Open),
        new("lets in at every port", LetIn, MemoryCloud.Right(new MemoryIdentities(), rules: static (f, g) => f.MadeRules.InForce(g).Select(r => r with { Ports = [2379, 2380] })).Open),
        new("goes on letting in whom it once let in", LetIn, Remembering().Open),
        Of("loses rules whose peer has no address yet", "rules-of-every-kind-of-peer-are-made", groups => new LosesTheEmpty(groups)),
    ];

    private static WrongDriver Of(string what, string caught, Func<MemoryGroups, MemoryRules> rules) => new(what, $"firewall/{caught}", Opening(rules));

    private static Func<IProvider> Opening(Func<MemoryGroups, MemoryRules> rules)
    {
        var right = new MemoryFirewall();
        return MemoryCloud.Of(firewall: new Capability(right.Groups, rules(right.MadeGroups))).Open;
    }

    private static FirewallRule Anybody(FirewallRule rule) => rule with { From = rule.From with { GroupId = null, Addresses = [.. Enumerable.Range(0, 256).Select(n => $"10.99.0.{n}/32")] } };

    private static MemoryCloud Remembering()
    {
        var once = new Dictionary<string, List<FirewallRule>>(StringComparer.Ordinal);
        return MemoryCloud.Right(new MemoryIdentities(), rules: (f, g) =>
        {
            if (!once.TryGetValue(g, out var open))
            {
                once[g] = open = [];
            }

            open.AddRange(f.MadeRules.InForce(g));
            return open;
        });
    }

    private sealed record Capability(
        Capabilities.IResourceDriver<FirewallGroupSpec> Groups, Capabilities.IResourceDriver<FirewallRulesSpec> Rules) : Capabilities.IFirewall;

    private sealed class NeverCloses(MemoryGroups groups) : MemoryRules(groups)
    {
        protected override FirewallRulesSpec Merged(FirewallRulesSpec? there, FirewallRulesSpec wanted) =>
            wanted with { Rules = [.. (there?.Rules ?? []).Where(old => wanted.Rules.All(r => ResourceJson.Write(new FirewallRulesSpec("", [r])) != ResourceJson.Write(new FirewallRulesSpec("", [old])))), .. wanted.Rules] };
    }

    private sealed class CountsRules(MemoryGroups groups) : MemoryRules(groups)
    {
        protected override bool AreSame(FirewallRulesSpec there, FirewallRulesSpec wanted) => there.Rules.Length == wanted.Rules.Length;
    }

    private sealed class DoesNotLook(MemoryGroups groups) : MemoryRules(groups)
    {
        protected override bool Looks => false;
    }

    private sealed class TakesAnything(MemoryGroups groups) : MemoryRules(groups)
    {
        protected override string? Problem(FirewallRulesSpec spec) => null;
    }

    private sealed class LosesTheEmpty(MemoryGroups groups) : MemoryRules(groups)
    {
        protected override FirewallRulesSpec Merged(FirewallRulesSpec? there, FirewallRulesSpec wanted) =>
            wanted with { Rules = [.. wanted.Rules.Where(r => !r.From.Addresses.IsEmpty)] };
    }
}
