using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Registries, wrong in one way each.</summary>
internal static class WrongRegistries
{
    private const string Grants = "machine-uses-what-it-was-granted";

    public static IEnumerable<WrongDriver> All =>
    [
        Of("lets anybody pull", Grants, identities => new LetsAnybodyPull(identities)),
        Of("lets who may pull push too", Grants, identities => new TakesPullForPush(identities)),
        Of("looks whether anything was granted, not what", Grants, identities => new OpensAll(identities)),
        Of("keeps letting in whose grant was withdrawn", Grants, new NeverWithdraws()),
        Of("takes a name that its paths use", "name-that-is-none-is-refused", identities => new TakesAnyName(identities)),
    ];

    private static WrongDriver Of(string what, string caught, Func<MemoryIdentities, MemoryRegistry> registry)
    {
        var identities = new MemoryIdentities();
        return new($"registry {what}", $"containerRegistry/{caught}", MemoryCloud.Right(identities, registry(identities)).Open);
    }

    private static WrongDriver Of(string what, string caught, MemoryIdentities identities) =>
        new($"registry {what}", $"containerRegistry/{caught}", MemoryCloud.Right(identities).Open);

    private sealed class LetsAnybodyPull(MemoryIdentities identities) : MemoryRegistry(identities)
    {
        protected override bool May(IEnumerable<InstanceGrant> grants, string repository, string verb) =>
            verb == GrantVerbs.Pull || base.May(grants, repository, verb);
    }

    private sealed class TakesPullForPush(MemoryIdentities identities) : MemoryRegistry(identities)
    {
        protected override bool May(IEnumerable<InstanceGrant> grants, string repository, string verb) => base.May(grants, repository, GrantVerbs.Pull);
    }

    private sealed class OpensAll(MemoryIdentities identities) : MemoryRegistry(identities)
    {
        protected override bool May(IEnumerable<InstanceGrant> grants, string repository, string verb) => grants.Any(g => g.Verbs.Contains(verb));
    }

    private sealed class TakesAnyName(MemoryIdentities identities) : MemoryRegistry(identities)
    {
        protected override bool IsName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '/') && !name.Contains("//", StringComparison.Ordinal) && name.Count(c => c == '/') < 2;
    }

    private sealed class NeverWithdraws : MemoryIdentities
    {
        private readonly HashSet<InstanceGrant> ever = [];

        public override IReadOnlyList<InstanceGrant> GrantsOf(string identityId)
        {
            ever.UnionWith(base.GrantsOf(identityId));
            return [.. ever];
        }
    }
}
