using System.Text.Json.Serialization;

namespace Tarmak.Machines;

/// <summary>
/// Where a machine is: its kind and its key. Keys nest by <c>/</c> (<c>dev</c>, <c>dev/demo</c>, <c>dev/demo/etcd</c>,
/// <c>dev/demo/etcd/0</c>); a capability is its owner's key, <c>#</c>, the resource kind, <c>/</c> and a name
/// (<c>dev/demo/etcd/0#volume/data</c>).
/// </summary>
/// <param name="Kind">The kind.</param>
/// <param name="Key">The key, unique within the kind.</param>
public sealed record MachineAddress(MachineKind Kind, string Key)
{
    /// <summary>Of a capability: the key of the machine that owns it; else the key itself.</summary>
    [JsonIgnore]
    public string OwnerKey => Key.Split('#', 2)[0];

    /// <summary>Of a capability: the resource kind; else null.</summary>
    [JsonIgnore]
    public string? ResourceKind => Key.Split('#', 2) is [_, var rest] ? rest.Split('/', 2)[0] : null;

    /// <summary>Of a capability: the object's name; else the key's last part.</summary>
    [JsonIgnore]
    public string Name => Key.Split('#', 2) is [_, var rest] ? rest.Split('/', 2)[1] : Key[(Key.LastIndexOf('/') + 1)..];

    /// <summary>The environment the machine belongs to.</summary>
    [JsonIgnore]
    public string Environment => OwnerKey.Split('/')[0];

    /// <summary>The cluster the machine belongs to; null for what the environment owns itself.</summary>
    [JsonIgnore]
    public string? Cluster => OwnerKey.Split('/') is [_, var cluster, ..] ? cluster : null;

    /// <summary>Its name among its siblings as people say it: <c>demo</c>, <c>etcd-0</c>, <c>volume/data</c>.</summary>
    [JsonIgnore]
    public string Title => OwnerKey.Split('/') is [.., var pool, var index] && Kind == MachineKind.Instance ? $"{pool}-{index}"
        : ResourceKind is { } kind ? $"{kind}/{Name}"
        : Name;

    /// <summary>The whole key as people write it: <c>dev/demo/etcd-0#volume/data</c>.</summary>
    [JsonIgnore]
    public string Shown
    {
        get
        {
            var parts = OwnerKey.Split('/');
            return parts.Length == 4 ? $"{parts[0]}/{parts[1]}/{parts[2]}-{parts[3]}{Key[OwnerKey.Length..]}" : Key;
        }
    }

    /// <summary>Address of an environment.</summary>
    /// <param name="environment">Its name.</param>
    /// <returns>The address.</returns>
    public static MachineAddress OfEnvironment(string environment) => new(MachineKind.Environment, environment);

    /// <summary>Address of a cluster.</summary>
    /// <param name="environment">Its environment.</param>
    /// <param name="cluster">Its name.</param>
    /// <returns>The address.</returns>
    public static MachineAddress OfCluster(string environment, string cluster) => new(MachineKind.Cluster, $"{environment}/{cluster}");

    /// <summary>Address of a capability's object owned by this machine.</summary>
    /// <param name="resourceKind">The resource kind.</param>
    /// <param name="name">The object's name.</param>
    /// <returns>The address.</returns>
    public MachineAddress Capability(string resourceKind, string name) => new(MachineKind.Capability, $"{Key}#{resourceKind}/{name}");

    /// <summary>Address of a machine nested in this one.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The address.</returns>
    public MachineAddress Nested(MachineKind kind, string name) => new(kind, $"{Key}/{name}");

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Key}";
}
