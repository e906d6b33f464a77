using System.Collections.Immutable;
using Tarmak.Model.Resources;
using Tarmak.Providers.Simulated.Calls;
using Tarmak.Providers.Simulated.Kinds;

namespace Tarmak.Providers.Simulated.Accounts;

/// <summary>
/// Says which repositories let a machine in: those on the edges of its network, as far as its identity was granted them. What
/// an identity may do becomes known as all else does, within the visibility bound.
/// </summary>
/// <param name="account">What the account holds.</param>
/// <param name="now">The time, in ticks.</param>
/// <param name="known">How old the newest grants are that are known, in ticks.</param>
internal sealed class AccountImages(AccountState account, long now, long known)
{
    /// <summary>The repository that lets a machine in; null where none does, whether it is there or not.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="repository">The repository's name in its registry.</param>
    /// <param name="verb"><see cref="GrantVerbs.Pull"/> or <see cref="GrantVerbs.Push"/>.</param>
    public AccountObject? RepositoryFor(AccountObject machine, string repository, string verb)
    {
        var spec = machine.Spec<MachineSpec>();
        return !GrantsOf(spec.IdentityId).Any(grant => grant.Allows(GrantPaths.Repository(repository), verb)) ? null
            : account.Of(EdgeAttachments.Kind).Where(one => one.IsReady(now)).Select(one => one.Spec<EdgeAttachmentSpec>()).Where(attached => attached.NetworkId == spec.NetworkId)
                .Select(attached => account.Named(Repositories.Kind, Repositories.NameOf(attached.EdgeId, repository))).FirstOrDefault(there => there?.IsReady(now) == true);
    }

    private ImmutableArray<InstanceGrant> GrantsOf(string? identityId) =>
        identityId is not null && account.Living(Identities.Kind, identityId)?.At(known) is { State: not CloudObjectState.Making } identity
            ? ResourceJson.Read<AccessIdentitySpec>(identity.Parameters).Grants
            : [];
}
