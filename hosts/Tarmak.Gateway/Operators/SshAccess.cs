using System.Globalization;
using Tarmak.Grains.Agents;
using Tarmak.Machines;
using Tarmak.Machines.Clusters;
using Tarmak.Machines.Instances;
using Tarmak.Model.Manifests;
using V1 = Tarmak.Api.V1;

namespace Tarmak.Gateway.Operators;

/// <summary>Says how to reach an instance by SSH, and whose host keys to trust: those its agent reported when it enrolled.</summary>
internal sealed class SshAccess(ClusterLookup clusters, IAgentDirectory agents)
{
    /// <summary>The one who may log in on every instance.</summary>
    public const string User = "tarmak";

    public async Task<V1.SshAccessResponse> FindAsync(V1.SshAccessRequest request, CancellationToken cancellationToken)
    {
        var key = KeyText.Parse(request.Key);
        if (key.Split('/').Length != 4)
        {
            throw Refusal.InvalidArgument($"'{request.Key}' names no instance; write ENVIRONMENT/NAME/POOL-N.");
        }

        var row = await clusters.GetAsync(MachineKind.Instance, key, cancellationToken);
        var instance = DesiredJson.Read<InstanceDesired>(row.Spec);
        var (clusterKey, cluster) = await WayInAsync(instance, cancellationToken);
        var outputs = cluster.Outputs is { } json ? DesiredJson.Read<ClusterOutputs>(json) : null;
        if (outputs?.SshEndpoint is not { } endpoint)
        {
            throw Refusal.Precondition(
                outputs is null
                    ? $"Cluster {clusterKey} has no way in yet; it is {cluster.Phase}. Wait until it is ready (tarmak explain {clusterKey})."
                    : $"Cluster {clusterKey} has no bastion; declare a pool of role bastion to reach its instances.",
                Refusal.StateType, clusterKey);
        }

        var colon = endpoint.LastIndexOf(':');
        var (host, port) = (endpoint[..colon], int.Parse(endpoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
        var answer = new V1.SshAccessResponse
        {
            JumpHost = host,
            JumpPort = port,
            User = User,
            Address = instance.Pool.Role == PoolRole.Bastion ? "" : instance.Address,
        };
        await AddHostKeysAsync(answer, row, clusterKey, string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}"), cancellationToken);
        return answer;
    }

    /// <summary>The cluster whose bastion leads to an instance: its own, or its hub.</summary>
    private async Task<(string Key, InventoryRow Row)> WayInAsync(InstanceDesired instance, CancellationToken cancellationToken)
    {
        var key = $"{instance.Environment}/{instance.Cluster}";
        var row = await clusters.GetAsync(MachineKind.Cluster, key, cancellationToken);
        if (DesiredJson.Read<ClusterDesired>(row.Spec).Manifest.Spec.Type != ClusterType.Multi)
        {
            return (key, row);
        }

        var hub = $"{instance.Environment}/{ModelDefaults.HubName}";
        return (hub, await clusters.GetAsync(MachineKind.Cluster, hub, cancellationToken));
    }

    private async Task AddHostKeysAsync(
        V1.SshAccessResponse answer, InventoryRow row, string wayIn, string bastionName, CancellationToken cancellationToken)
    {
        // The way in leads to any of the bastions.
        foreach (var other in await clusters.UnderAsync(MachineKind.Instance, wayIn, cancellationToken))
        {
            if (DesiredJson.Read<InstanceDesired>(other.Spec).Pool.Role == PoolRole.Bastion)
            {
                answer.KnownHosts.AddRange((await KeysAsync(other.Uid, cancellationToken)).Select(k => $"{bastionName} {k}"));
            }
        }

        if (answer.Address.Length > 0)
        {
            answer.KnownHosts.AddRange((await KeysAsync(row.Uid, cancellationToken)).Select(k => $"{answer.Address} {k}"));
        }
    }

    private async Task<IReadOnlyList<string>> KeysAsync(string instanceUid, CancellationToken cancellationToken) =>
        (await agents.FindByInstanceAsync(instanceUid, cancellationToken))?.SshHostKeys ?? [];
}
