using System.Collections.Frozen;

namespace Tarmak.Model.Manifests;

/// <summary>What a role is and what a pool of it is by default.</summary>
/// <param name="Role">The role.</param>
/// <param name="Name">Its name in manifests.</param>
/// <param name="IsStateful">Fixed size, fixed addresses, volumes outlive machines.</param>
/// <param name="DefaultCount">Machines of a pool that names no count.</param>
/// <param name="DefaultSize">Size of a pool that names none.</param>
/// <param name="DefaultVolume">The volume every machine of the role has; null for none.</param>
/// <param name="MostMachines">Most machines of a pool.</param>
public sealed record RoleDefinition(
    PoolRole Role, string Name, bool IsStateful, int DefaultCount, string DefaultSize, PoolVolume? DefaultVolume, int MostMachines)
{
    private static readonly FrozenDictionary<PoolRole, RoleDefinition> Definitions = new RoleDefinition[]
    {
        new(PoolRole.Bastion, "bastion", true, 1, "tiny", null, 10),
        new(PoolRole.Vault, "vault", true, 3, "tiny", new PoolVolume { Name = "data", SizeGiB = 10 }, 10),
        new(PoolRole.Etcd, "etcd", true, 3, "small", new PoolVolume { Name = "data", SizeGiB = 5 }, 9),
        new(PoolRole.Master, "master", false, 1, "medium", new PoolVolume { Name = "containers", SizeGiB = 10 }, 100),
        new(PoolRole.Worker, "worker", false, 3, "medium", new PoolVolume { Name = "containers", SizeGiB = 50 }, 5000),
        new(PoolRole.Jenkins, "jenkins", true, 1, "medium", new PoolVolume { Name = "data", SizeGiB = 16 }, 10),
    }.ToFrozenDictionary(d => d.Role);

    /// <summary>Every role, in the order of the enumeration.</summary>
    public static IReadOnlyList<RoleDefinition> All { get; } = [.. Definitions.Values.OrderBy(d => d.Role)];

    /// <summary>The definition of a role.</summary>
    public static RoleDefinition Of(PoolRole role) => Definitions[role];
}
