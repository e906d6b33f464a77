using Tarmak.Machines.Steps;
using Tarmak.Model.Resources;
using Tarmak.Providers.Conformance.Tests.Reference;

namespace Tarmak.Providers.Conformance.Tests.Wrong;

/// <summary>Identities, wrong in one way each.</summary>
internal static class WrongIdentities
{
    public static IEnumerable<WrongDriver> All =>
    [
        Of("keeps what an identity once might", "identity-changes-in-place", new NeverChanges()),
        Of("makes another identity of a changed one", "identity-changes-in-place", new Replaces()),
        Of("takes policies it does not know", "unknown-policy-is-refused", new TakesAnyPolicy()),
        Of("takes grants it cannot keep", "what-it-cannot-grant-is-refused", new TakesAnyGrant()),
    ];

    private static WrongDriver Of(string what, string caught, MemoryIdentities identities) =>
        new(what, $"accessIdentity/{caught}", MemoryCloud.Of(identities: identities).Open);

    private sealed class NeverChanges : MemoryIdentities
    {
        protected override bool AreSame(AccessIdentitySpec there, AccessIdentitySpec wanted) => true;
    }

    private sealed class Replaces : MemoryIdentities
    {
        public override ResourceTraits Traits { get; } = new()
        {
            Kind = ResourceKinds.AccessIdentity,
            EnsureResolution = UnknownResolution.UniqueName,
            Compare = static (made, wanted) => made == wanted ? ChangeEffect.None : ChangeEffect.Replace,
        };
    }

    private sealed class TakesAnyPolicy : MemoryIdentities
    {
        protected override string? Problem(AccessIdentitySpec spec) => base.Problem(spec with { Policies = [] });
    }

    private sealed class TakesAnyGrant : MemoryIdentities
    {
        protected override string? Problem(AccessIdentitySpec spec) => base.Problem(spec with { Grants = [] });
    }
}
